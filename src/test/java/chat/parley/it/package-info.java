/** The server as its clients see it, end to end. */
@NullMarked
package chat.parley.it;

import org.jspecify.annotations.NullMarked;

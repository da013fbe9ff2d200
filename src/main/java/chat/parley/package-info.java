/** Parley: a clustered chat backend in one jar. */
@NullMarked
package chat.parley;

import org.jspecify.annotations.NullMarked;

/** The HTTP interface beside the sockets. */
@NullMarked
package chat.parley.api;

import org.jspecify.annotations.NullMarked;

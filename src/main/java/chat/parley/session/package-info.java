/** One connection: its state, its bounds, its transport. */
@NullMarked
package chat.parley.session;

import org.jspecify.annotations.NullMarked;

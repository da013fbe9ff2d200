/** What a configuration key says of itself. */
@NullMarked
package chat.parley.setting;

import org.jspecify.annotations.NullMarked;

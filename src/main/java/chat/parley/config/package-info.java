/** The configuration: keys, defaults, sources, and all that can be wrong with them. */
@NullMarked
package chat.parley.config;

import org.jspecify.annotations.NullMarked;

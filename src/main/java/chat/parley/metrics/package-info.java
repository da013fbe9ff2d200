/** Every meter and its name. */
@NullMarked
package chat.parley.metrics;

import org.jspecify.annotations.NullMarked;

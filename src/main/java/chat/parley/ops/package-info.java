/** What an operator asks a node: is it alive, is it ready, what does it count. */
@NullMarked
package chat.parley.ops;

import org.jspecify.annotations.NullMarked;

/** Who is where: each node's lease and each session's place and last sign of life, for every node to read; and the way to end them. */
@NullMarked
package chat.parley.registry;

import org.jspecify.annotations.NullMarked;

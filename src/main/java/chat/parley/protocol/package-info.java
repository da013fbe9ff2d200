/** The wire contract <code>parley.v1</code>: frames, error codes, close codes and their one codec. */
@NullMarked
package chat.parley.protocol;

import org.jspecify.annotations.NullMarked;

/** Who is speaking, and what they may do. */
@NullMarked
package chat.parley.auth;

import org.jspecify.annotations.NullMarked;

/** Who is in which room: the cluster's record of it, and what members are told. */
@NullMarked
package chat.parley.presence;

import org.jspecify.annotations.NullMarked;

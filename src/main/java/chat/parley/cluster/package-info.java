/** What holds the nodes together: who is alive, and the replicated maps whose values only operations change. */
@NullMarked
package chat.parley.cluster;

import org.jspecify.annotations.NullMarked;

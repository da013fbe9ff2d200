/** SockJS over HTTP without sticky sessions: which node has a session, and how a request that reached another one gets there. */
@NullMarked
package chat.parley.relay;

import org.jspecify.annotations.NullMarked;

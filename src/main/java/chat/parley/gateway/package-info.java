/** The event loops' verticles: HTTP, WebSocket and SockJS. */
@NullMarked
package chat.parley.gateway;

import org.jspecify.annotations.NullMarked;

/** The demo page and the browser client as people meet them: a real browser on real nodes, and the client's own tests. */
@NullMarked
package chat.parley.browser;

import org.jspecify.annotations.NullMarked;

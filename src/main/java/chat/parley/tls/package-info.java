/** Certificates, keys, and what TLS is spoken with: to clients and between nodes. */
@NullMarked
package chat.parley.tls;

import org.jspecify.annotations.NullMarked;

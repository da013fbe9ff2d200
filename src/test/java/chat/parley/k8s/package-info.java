/** The manifests in {@code k8s}, read as Kubernetes reads them. */
@NullMarked
package chat.parley.k8s;

import org.jspecify.annotations.NullMarked;

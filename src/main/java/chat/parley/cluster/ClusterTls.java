package chat.parley.cluster;

import chat.parley.setting.Setting;
import chat.parley.tls.KeyFiles;
import chat.parley.tls.PeerTls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** TLS between the nodes, for the event bus and the relay port; Hazelcast's own port has none. Immutable. */
public record ClusterTls(
    @Setting(
        "This node's certificate among the nodes, with those between it and `cluster.tls.ca` behind"
            + " it: a PEM file. With `cluster.tls.key` and `cluster.tls.ca` it turns TLS on for"
            + " `cluster.busPort` and `cluster.relayPort`; give it to all nodes. Read at the"
            + " start.")
    @Nullable
    String cert,

    @Setting("The certificate's private key: a PEM file (PKCS#8) that only the node can read.")
    @Nullable
    String key,

    @Setting(
        "Certificate and key in one PKCS#12 file, instead of `cluster.tls.cert` and `cluster.tls.key`.")
    @Nullable
    String store,

    @Setting(
        value = "The password of `cluster.tls.store`; better in the environment than in a file.",
        secret = true)
    @Nullable
    String password,

    @Setting("The authority that every node's certificate has to be of: a PEM file. Whoever has a"
        + " certificate of it is taken for a node, so let it be for this cluster alone.")
    @Nullable
    String ca) {
  /** None. */
  public static final ClusterTls OFF = new ClusterTls(null, null, null, null, null);

  /** Whether there is any. */
  public boolean isOn() {
    return files().areNamed();
  }

  /** Where this node's certificate and key are. */
  public KeyFiles files() {
    return new KeyFiles(cert, key, store, password);
  }

  /**
   * Reads the files, which blocks; null: no TLS.
   *
   * @throws IllegalArgumentException if they can't be used
   */
  public @Nullable PeerTls read() {
    return isOn() ? PeerTls.read(files(), Objects.requireNonNull(ca)) : null;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "ClusterTls[" + (isOn() ? "on" : "off") + "]";
  }
}

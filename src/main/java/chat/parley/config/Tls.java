package chat.parley.config;

import chat.parley.setting.Setting;
import chat.parley.tls.KeyFiles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** TLS for clients. Immutable. */
public record Tls(
    @Setting("The certificate, with those between it and its authority behind it: a PEM file. With"
        + " `http.tls.key` it turns TLS on.")
    @Nullable
    String cert,

    @Setting("The certificate's private key: a PEM file (PKCS#8) that only the node can read.")
    @Nullable
    String key,

    @Setting(
        "Certificate and key in one PKCS#12 file, instead of `http.tls.cert` and `http.tls.key`.")
    @Nullable
    String store,

    @Setting(
        value = "The password of `http.tls.store`; better in the environment than in a file.",
        secret = true)
    @Nullable
    String password,

    @Setting(
        value =
            "How often the files are looked at. What has changed is used for connections from then"
                + " on; those that are there live on.",
        byDefault = "10s",
        min = "1s",
        max = "24h")
    Duration reload,

    @Setting(
        value = "A port without TLS on which browsers are sent to the one with it. 0: none.",
        byDefault = "0",
        min = "0",
        max = "65535")
    int redirect) {
  /** Whether there is any. */
  public boolean isOn() {
    return files().areNamed();
  }

  /** Where the certificate and its key are. */
  public KeyFiles files() {
    return new KeyFiles(cert, key, store, password);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Tls[" + (isOn() ? "on" : "off") + "]";
  }
}

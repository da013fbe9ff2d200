package chat.parley.config;

import chat.parley.auth.RoomRule;
import chat.parley.cluster.HazelcastCluster;
import chat.parley.setting.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told at its start. The keys are the components' names joined by dots: {@code http.port}; a component's
 * {@link Setting} says what it means. Made by {@link ConfigLoader}, so whoever holds one need not check it again.
 * Immutable.
 */
public record Config(
    Http http,
    Auth auth,

    @Setting(
        "Web origins whose pages may connect and use the HTTP interface: `https://chat.example.org`, `https://*.example.org`,"
            + " or `*` for any. Empty: only pages of this server.")
    List<String> origins,

    Access access,
    Sockjs sockjs,
    Limits limits,
    Heartbeat heartbeat,
    Presence presence,
    History history,
    Publish publish,
    HazelcastCluster.Settings cluster,
    Drain drain,
    Metrics metrics,
    Log log) {

  /** Where clients come in. */
  public record Http(
      @Setting(value = "Address to listen on.", byDefault = "0.0.0.0")
      String host,

      @Setting(
          value = "Port for HTTP, WebSocket and SockJS. 0 takes a free one.",
          byDefault = "8080",
          min = "0",
          max = "65535")
      int port,

      @Setting(
          value =
              "Time in which a request has to be whole; four times as long a connection may wait"
                  + " for its next one.",
          byDefault = "15s",
          min = "1s",
          max = "10m")
      Duration timeout,

      @Setting("Proxies whose word about a client's address is believed (`Forwarded`,"
          + " `X-Forwarded-For`): addresses and networks such as `10.0.0.0/8`.")
      List<String> proxies,

      Tls tls) {}

  /** Who may come in. */
  public record Auth(
      @Setting(
          value =
              "The secret that signs tokens (HS256), at least 32 bytes; better in the environment"
                  + " than in a file. With guests alone it may be left out: the nodes then agree"
                  + " on one at their start.",
          secret = true)
      @Nullable
      String secret,

      @Setting(
          "Public keys that check tokens (RSA: RS256; P-256, P-384, P-521: ES256, ES384, ES512;"
              + " Ed25519: EdDSA). Each is a PEM file's name, or the PEM itself; a file may hold"
              + " several.")
      List<String> publicKey,

      @Setting(
          "Where a set of public keys (JWKS) is: an `https://` or `http://` URL, or a file's name."
              + " It is read again in the background; while it can't be, what was read last"
              + " holds.")
      @Nullable
      String jwks,

      @Setting(
          value = "How often `auth.jwks` is read again: so long a key that was taken out of it may"
              + " still be accepted. A key that is new is found at once.",
          byDefault = "5m",
          min = "1s",
          max = "24h")
      Duration jwksRefresh,

      @Setting("A token's `aud` has to name one of these. Empty: whatever it says.")
      List<String> audience,

      @Setting("A token's `iss` has to be one of these. Empty: whatever it says.")
      List<String> issuer,

      @Setting(
          value =
              "By how much the issuer's clock may differ; a token is accepted, and lasts, so much"
                  + " longer.",
          byDefault = "0s",
          min = "0s",
          max = "1h")
      Duration leeway,

      @Setting(
          value = "How long a token may still run when it is shown; one without an end is refused"
              + " then. 0: any. A revocation lasts as long, or 30 days where this is 0.",
          byDefault = "0s",
          min = "0s",
          max = "3650d")
      Duration lifetime,

      @Setting(
          value =
              "Whether a token may also come as the query parameter `access_token`. Addresses end"
                  + " up in the logs of proxies, and the tokens with them.",
          byDefault = "false")
      boolean query,

      @Setting(
          value = "How long before its token ends a session is warned (`expiring`). 0: not at all.",
          byDefault = "30s",
          min = "0s",
          max = "1h")
      Duration warning,

      @Setting(
          value = "Whether anybody may have a token for the asking, under a name of their choice.",
          byDefault = "false")
      boolean guests) {
    /** Whether tokens of a service are accepted. */
    public boolean hasKeys() {
      return secret != null || !publicKey.isEmpty() || jwks != null;
    }

    /** Without the secret, so that it can't get into a log. */
    @Override
    public String toString() {
      return "Auth[secret=" + (secret == null ? "none" : "****") + ", guests=" + guests + "]";
    }
  }

  /** The fallback for networks that let no WebSocket through. */
  public record Sockjs(
      @Setting(value = "Whether SockJS is served at `/sockjs`.", byDefault = "true")
      boolean enabled,

      @Setting(
          value =
              "Whether a request of SockJS's HTTP transports that reaches another node than its session's is handed on to that one. False: the load balancer has to be sticky.",
          byDefault = "true")
      boolean forward) {}

  /** What people may do once they are in. */
  public record Access(
      @Setting(
          "Who may do what in rooms by name; the first pattern that fits holds, other rooms are"
              + " open to all. Each is a pattern, then `join`, `publish`, `history` or `presence`"
              + " with `=` and whom it is for: `all`, `members` (no guests), `moderators`,"
              + " `admins`, `none`. `news-* publish=moderators`. Who has no"
              + " `presence` is not told who is there, nor who comes and goes.")
      List<String> rooms) {
    /** The rules, read. */
    public List<RoomRule> rules() {
      return rooms.stream().map(RoomRule::parse).map(Objects::requireNonNull).toList();
    }
  }

  /** How a connection shows that it is alive. */
  public record Heartbeat(
      @Setting(
          value = "Pause between two pings of the server.",
          byDefault = "30s",
          min = "1s",
          max = "1h")
      Duration interval,

      @Setting(
          value = "Silence after which a connection is closed (4408); longer than"
              + " `heartbeat.interval`.",
          byDefault = "60s",
          min = "2s",
          max = "2h")
      Duration timeout) {}

  /** Who is in a room. */
  public record Presence(
      @Setting(
          value =
              "Time in which someone whose connection broke may come back without having left; at"
                  + " most one second of it where a node died.",
          byDefault = "2s",
          min = "0s",
          max = "60s")
      Duration grace,

      @Setting(
          value =
              "Users in a room up to which its members are told who comes and goes; beyond it only"
                  + " how many there are.",
          byDefault = "200",
          min = "0",
          max = "500",
          unit = "users")
      int full) {}

  /** What a room remembers. */
  public record History(
      @Setting(
          value =
              "Messages kept per room; who was away for longer than they reach back can't resume.",
          byDefault = "1000",
          min = "1",
          max = "1000000",
          unit = "messages")
      int size,

      @Setting(
          value = "Age after which a message is forgotten.",
          byDefault = "24h",
          min = "1s",
          max = "3650d")
      Duration age,

      @Setting(
          value = "Message ids remembered per room, by which a repeated publish is known; at least"
              + " `history.size`.",
          byDefault = "100000",
          min = "1",
          max = "10000000",
          unit = "ids")
      int ids,

      @Setting(
          "Exceptions for rooms whose names fit a pattern, the first that fits: `team-* 5000 7d`"
              + " keeps 5,000 messages for seven days.")
      List<String> rooms) {
    /** The exceptions, in their order. */
    public List<KeptRule> rules() {
      return rooms.stream().map(KeptRule::checked).toList();
    }
  }

  /** How long saying something may take. */
  public record Publish(
      @Setting(
          value = "Time within which a publish is acked, or else refused as `unavailable`.",
          byDefault = "3s",
          min = "100ms",
          max = "60s")
      Duration timeout) {}

  /** How a node leaves. */
  public record Drain(
      @Setting(
          value = "Time a leaving node has to send its clients to others; whoever is left then is"
              + " told goodbye. At least the node's clients divided by `drain.rate`.",
          byDefault = "30s",
          min = "0s",
          max = "1h")
      Duration seconds,

      @Setting(
          value = "Clients a second, all of them together, that leaving nodes send to those that"
              + " stay.",
          byDefault = "200",
          min = "1",
          max = "100000",
          unit = "connections a second")
      int rate) {}

  /** What a node counts. */
  public record Metrics(
      @Setting(
          value = "A port of its own for `/metrics`, which `http.port` then doesn't serve: so it"
              + " can be kept from clients. 0: none.",
          byDefault = "0",
          min = "0",
          max = "65535")
      int port) {}

  /** What a node tells of itself. */
  public record Log(
      @Setting(
          value = "`text` for people, `json` (one object a line) for collectors.",
          byDefault = "text")
      Format format,

      @Setting(value = "The least level that is logged.", byDefault = "info")
      Level level,

      @Setting(
          value = "Whether each connection that opens or closes is a line of the log"
              + " (`parley.access`). Refusals and penalties (`parley.security`) are told in"
              + " any case.",
          byDefault = "false")
      boolean access) {
    /** The form of a line. */
    public enum Format {
      TEXT,
      JSON
    }

    /** The levels, from the wordiest. */
    public enum Level {
      TRACE,
      DEBUG,
      INFO,
      WARN,
      ERROR
    }
  }
}

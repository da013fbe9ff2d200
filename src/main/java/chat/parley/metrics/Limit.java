package chat.parley.metrics;

import java.util.Locale;

/** What a client may run into: a label of {@code parley_limited_total}, and what the client is told. Immutable. */
public enum Limit {
  MESSAGES("more than %,d messages and signals a second"),
  BYTES("more than %,d bytes a second"),
  JOINS("more than %,d joins a second"),
  READS("more than %,d requests for history and presence a second"),
  OTHERS("more than %,d pings and other frames a second"),
  USER_MESSAGES("more than %,d messages and signals a second over all connections of this user"),
  USER_BYTES("more than %,d bytes a second over all connections of this user"),
  FLOODING("this user was closed for flooding: wait %,d s"),
  CONNECTIONS("this node has its %,d connections: another one may have room"),
  ADDRESS_CONNECTIONS("more than %,d connections from one address"),
  OPENS("more than %,d new connections of this user a second"),
  USER_CONNECTIONS("more than %,d connections of one user"),
  HANDSHAKES("more than %,d connections that have not said what they want");

  private final String words;

  Limit(String words) {
    this.words = words;
  }

  /** In a person's words. */
  public String told(long limit) {
    return String.format(Locale.ROOT, words, limit);
  }

  /** The label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

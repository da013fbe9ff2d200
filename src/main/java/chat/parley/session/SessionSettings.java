package chat.parley.session;

import chat.parley.protocol.ServerFrame;
import java.time.Duration;

/**
 * What one session may use. Immutable.
 *
 * @param frameBytes the longest frame a client may send
 * @param rooms rooms at a time
 * @param rates what may be sent in a second
 * @param outboxBytes what may wait for a reader before it is closed as too slow
 * @param pending publishes that may wait for their ack before reading stops
 * @param badFrames frames in a row that are not understood before the connection is closed
 * @param heartbeat the pause between two probes
 * @param silence after which a connection is taken for dead
 * @param warning how long before its token ends a session is told; zero: not at all
 */
public record SessionSettings(
    int frameBytes,
    int rooms,
    Rates rates,
    int outboxBytes,
    int pending,
    int badFrames,
    Duration heartbeat,
    Duration silence,
    Duration warning) {
  /** How long a connection may stay without a token. */
  public static final Duration TIME_TO_AUTHENTICATE = Duration.ofSeconds(5);

  ServerFrame.Limits limits() {
    return new ServerFrame.Limits(
        frameBytes, rooms, rates.messages(), rates.bytes(), rates.joins(), rates.reads());
  }
}

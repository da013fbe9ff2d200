package chat.parley.session;

import chat.parley.protocol.CloseCode;
import chat.parley.room.Burst;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A transport that writes down what is asked of it, but for the presence that nobody asked for. Confined to its session's event loop. */
final class Wiretap implements Transport {
  final List<JsonObject> sent = new ArrayList<>();
  final List<CloseCode> closed = new ArrayList<>();
  final List<Boolean> reading = new ArrayList<>();
  final Promise<Void> drained = Promise.promise();
  int probes;
  int aborts;
  long queued;
  boolean answersProbes = true;
  private boolean taking = true;

  @Override
  public String name() {
    return "websocket";
  }

  /** From now on the other side reads nothing. */
  void stall() {
    taking = false;
  }

  @Override
  public void send(byte[] json) {
    var frame = new JsonObject(Buffer.buffer(json));
    if (frame.getString("type").equals("presence") && !frame.containsKey("users")) {
      return;
    }
    sent.add(frame);
    queued += json.length;
  }

  @Override
  public void send(Burst burst) {
    for (int i = 0; i < burst.size(); i++) {
      send(burst.json(i));
    }
  }

  @Override
  public long queuedBytes() {
    return queued;
  }

  @Override
  public Future<Void> drained() {
    return drained.future();
  }

  @Override
  public void reading(boolean on) {
    reading.add(on);
  }

  @Override
  public void flush() {
    if (taking) {
      queued = 0;
    }
  }

  @Override
  public boolean probe() {
    probes++;
    return answersProbes;
  }

  @Override
  public void close(CloseCode code) {
    closed.add(code);
  }

  @Override
  public void abort() {
    aborts++;
  }

  List<String> types() {
    return sent.stream().map(frame -> frame.getString("type")).toList();
  }

  JsonObject last() {
    return sent.getLast();
  }
}

package chat.parley.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything a connection has received, in order; tests wait here. Each frame can be taken once, so that two waits for
 * the same type mean two frames. Thread-safe: its bell's lock.
 */
public final class Inbox {
  private static final int SHOWN = 20;

  private final Bell bell = new Bell();
  private final Journal journal;
  private final @Nullable Consumer<JsonObject> onFrame;
  private final Consumer<Ending> onEnding;
  private final List<JsonObject> frames = new ArrayList<>();
  private final List<JsonObject> untaken = new ArrayList<>();
  private final Map<String, Promise<JsonObject>> questions = new HashMap<>();
  private @Nullable Ending ending;
  private int refs;

  private Inbox(
      Journal journal, @Nullable Consumer<JsonObject> onFrame, Consumer<Ending> onEnding) {
    this.journal = journal;
    this.onFrame = onFrame;
    this.onEnding = onEnding;
  }

  /** Keeps every frame, for tests that wait. */
  static Inbox keeping(Journal journal) {
    return new Inbox(journal, null, ending -> {});
  }

  /** Hands each frame on at once and keeps none, for thousands of clients. */
  static Inbox handing(Journal journal, Consumer<JsonObject> onFrame, Consumer<Ending> onEnding) {
    return new Inbox(journal, onFrame, onEnding);
  }

  Journal journal() {
    return journal;
  }

  /** A text came in; what is no JSON object is kept as one of type {@code (not JSON)}. */
  void text(String text) {
    JsonObject parsed;
    try {
      parsed = new JsonObject(text);
    } catch (DecodeException e) {
      parsed = JsonObject.of("type", "(not JSON)", "text", text);
    }
    var frame = parsed;
    journal.received(frame);
    if (onFrame != null) {
      onFrame.accept(frame);
    } else {
      bell.change(() -> {
        frames.add(frame);
        untaken.add(frame);
      });
    }
    if (frame.containsKey("ref")) {
      answer(frame);
    }
  }

  private void answer(JsonObject frame) {
    var question = bell.read(() -> Optional.ofNullable(questions.remove(ref(frame))));
    if ("error".equals(frame.getString("type"))) {
      question.ifPresent(q -> q.fail(new RefusedException(frame)));
    } else {
      question.ifPresent(q -> q.complete(frame));
    }
  }

  /** The connection is over: whoever waits is told. Only the first call counts. */
  void end(Ending how) {
    var open = new ArrayList<Promise<JsonObject>>();
    var first = bell.read(() -> {
      if (ending != null) {
        return false;
      }
      ending = how;
      open.addAll(questions.values());
      questions.clear();
      return true;
    });
    if (first) {
      bell.change(() -> {});
      journal.ended(how.code());
      open.forEach(question -> question.fail("the connection ended: " + how));
      onEnding.accept(how);
    }
  }

  /** A ref that this connection has not used. */
  int nextRef() {
    return bell.read(() -> ++refs);
  }

  /** The one answer to the request with this {@code ref}; fails with {@link RefusedException} if it is an error. */
  Future<JsonObject> answerTo(JsonObject request) {
    var promise = Promise.<JsonObject>promise();
    bell.change(() -> questions.put(ref(request), promise));
    return promise.future();
  }

  /** All frames received. */
  public List<JsonObject> frames() {
    return bell.read(() -> List.copyOf(frames));
  }

  /** How the connection ended, or null while it lives. */
  public @Nullable Ending ending() {
    return bell.<Optional<Ending>>read(() -> Optional.ofNullable(ending)).orElse(null);
  }

  /** Takes the first frame, not taken before, that fits; at once an {@link AssertionError} if none can come any more. */
  JsonObject take(String what, Predicate<JsonObject> fits, Duration limit) {
    return await(what, limit, () -> {
      for (var frame = untaken.iterator(); frame.hasNext(); ) {
        var candidate = frame.next();
        if (fits.test(candidate)) {
          frame.remove();
          return candidate;
        }
      }
      return null;
    });
  }

  /** Waits until so many of the frames fit, and returns all that do. */
  List<JsonObject> awaitCount(String what, int count, Predicate<JsonObject> fits, Duration limit) {
    var fitting = new ArrayList<JsonObject>();
    var read = new int[1];
    return await(count + " × " + what, limit, () -> {
      for (; read[0] < frames.size(); read[0]++) {
        var frame = frames.get(read[0]);
        if (fits.test(frame)) {
          fitting.add(frame);
        }
      }
      return fitting.size() >= count ? List.copyOf(fitting) : null;
    });
  }

  /** Waits for the connection's end. */
  Ending awaitEnding(Duration limit) {
    return bell.await(limit, () -> ending, () -> failure("the end of the connection", limit));
  }

  private <T> T await(String what, Duration limit, Supplier<@Nullable T> find) {
    return bell.await(
        limit,
        () -> {
          var found = find.get();
          if (found == null && ending != null) {
            throw new AssertionError(failure(what, limit));
          }
          return found;
        },
        () -> failure(what, limit));
  }

  private String failure(String what, Duration limit) {
    var from = Math.max(0, frames.size() - SHOWN);
    var text = new StringBuilder(journal.client()).append(" got no ").append(what);
    text.append(ending == null ? " within " + limit : ": the connection ended with " + ending);
    text.append(". It had received ").append(frames.size()).append(" frames");
    text.append(from > 0 ? ", the last " + SHOWN + ":" : ":");
    frames
        .subList(from, frames.size())
        .forEach(frame -> text.append("\n  ").append(frame.encode()));
    return text.toString();
  }

  private static String ref(JsonObject frame) {
    return String.valueOf(frame.getValue("ref"));
  }
}

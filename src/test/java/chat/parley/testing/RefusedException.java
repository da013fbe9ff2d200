package chat.parley.testing;

import io.vertx.core.json.JsonObject;

/** A request was answered with an {@code error} frame. Immutable. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient JsonObject frame;

  RefusedException(JsonObject frame) {
    super(frame.encode(), null, false, false);
    this.frame = frame;
  }

  /** The error's {@code code}. */
  public String code() {
    return frame.getString("code");
  }

  /** The whole frame. */
  public JsonObject frame() {
    return frame;
  }
}

package chat.parley.testing;

import org.jspecify.annotations.Nullable;

/** How a connection ended: the close code, 1006 where none was given, and the reason. Immutable. */
public record Ending(int code, @Nullable String reason) {}

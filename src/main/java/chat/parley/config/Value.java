package chat.parley.config;

import org.jspecify.annotations.Nullable;

/**
 * What a key was set to, and by whom. Immutable.
 *
 * @param source a file's or a variable's name, or {@link #DEFAULT}
 */
record Value(Key key, @Nullable Object value, String source) {
  /** The source of what nobody set. */
  static final String DEFAULT = "default";

  /** Whether somebody set it. */
  boolean isSet() {
    return !source.equals(DEFAULT);
  }

  /** The value for a person; a secret is masked. */
  String shown() {
    return key.setting().secret() && value != null ? "****" : ValueParser.show(value);
  }
}

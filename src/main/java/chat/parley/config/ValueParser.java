package chat.parley.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value as a key wants it, from the text of a variable or from what JSON holds (text, number, true or false,
 * list), and says in words what a key wants. Pure.
 */
final class ValueParser {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|[smhd]?)");

  private ValueParser() {}

  /** The value, or null if the key may not have that one. */
  static @Nullable Object parse(Key key, Object raw) {
    try {
      var value = read(key.type(), raw);
      return value != null && inRange(key, value) ? value : null;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }

  /** The value without any source: null where the key is optional. */
  static @Nullable Object byDefault(Key key) {
    String text = key.setting().byDefault();
    if (text.isEmpty() && key.optional()) {
      return null;
    }
    var value = parse(key, text);
    if (value == null) {
      throw new IllegalStateException(key.name() + " has a default that it refuses: " + text);
    }
    return value;
  }

  private static @Nullable Object read(Class<?> type, Object raw) {
    if (type == List.class) {
      return list(raw);
    }
    if (type == String.class) {
      return raw instanceof String ? raw : null;
    }
    if (raw instanceof List) {
      return null;
    }
    String text = raw.toString().strip();
    if (type == int.class) {
      return Integer.valueOf(text);
    } else if (type == long.class) {
      return Long.valueOf(text);
    } else if (type == boolean.class) {
      return bool(text);
    } else if (type == Duration.class) {
      return duration(text);
    } else if (type.isEnum()) {
      return constant(type, text);
    }
    throw new IllegalStateException("no key may be a " + type);
  }

  private static @Nullable Object list(Object raw) {
    if (raw instanceof List<?> items) {
      return items.stream().allMatch(String.class::isInstance) ? List.copyOf(items) : null;
    }
    return raw instanceof String text
        ? Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .toList()
        : null;
  }

  private static @Nullable Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  static @Nullable Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private static @Nullable Object constant(Class<?> type, String text) {
    for (var constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    return null;
  }

  private static boolean inRange(Key key, Object value) {
    return (key.setting().min().isEmpty() || compare(key, value, key.setting().min()) >= 0)
        && (key.setting().max().isEmpty() || compare(key, value, key.setting().max()) <= 0);
  }

  private static int compare(Key key, Object value, String bound) {
    var limit = read(key.type(), bound);
    if (value instanceof Duration duration && limit instanceof Duration other) {
      return duration.compareTo(other);
    } else if (value instanceof Number number && limit instanceof Number other) {
      return Long.compare(number.longValue(), other.longValue());
    }
    throw new IllegalStateException(key.name() + " can't have a range");
  }

  /** What the key wants, for a person. */
  static String expected(Key key) {
    var type = key.type();
    if (type == List.class) {
      return "a list: [\"a\", \"b\"] in a file, a,b in a variable";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == Duration.class) {
      return range(key) + ", written as 500ms, 30s, 5m, 24h; a bare number is seconds";
    } else if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(ValueParser::show)
          .collect(Collectors.joining(", "));
    } else if (type == String.class) {
      return "text";
    }
    String unit = key.setting().unit();
    return unit.isEmpty() ? range(key) : range(key) + " " + unit;
  }

  private static String range(Key key) {
    String min = key.setting().min();
    String max = key.setting().max();
    if (min.isEmpty() && max.isEmpty()) {
      return key.type() == Duration.class ? "a duration" : "a whole number";
    } else if (max.isEmpty()) {
      return "at least " + grouped(min);
    }
    return min.isEmpty() ? "at most " + grouped(max) : grouped(min) + "–" + grouped(max);
  }

  /** Thousands apart, and a duration's unit kept. */
  private static String grouped(String number) {
    return number.matches("\\d{5,}")
        ? String.format(Locale.ROOT, "%,d", Long.parseLong(number))
        : number;
  }

  /** The value as one would write it in a variable. */
  static String show(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Duration duration -> show(duration);
      case List<?> items -> items.stream().map(String::valueOf).collect(Collectors.joining(","));
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      default -> value.toString();
    };
  }

  private static String show(Duration duration) {
    long millis = duration.toMillis();
    long seconds = millis / 1000;
    if (millis % 1000 != 0) {
      return millis + "ms";
    } else if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}

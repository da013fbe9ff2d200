package chat.parley.config;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together: defaults, over them a file, over it the environment. Everything that is wrong is
 * collected and told at once. Confined to the call that made it.
 */
public final class ConfigLoader {
  private static final String PREFIX = "PARLEY_";

  private final Map<String, Key> keys = Keys.of(Config.class).stream()
      .collect(Collectors.toMap(Key::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
  private final Map<String, Given> given = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> bad = new HashSet<>();
  private boolean unread;

  /** A value as its source has it. */
  private record Given(@Nullable Object raw, String source) {}

  private ConfigLoader() {}

  /**
   * Loads the configuration of a node.
   *
   * @param conf what the launcher's {@code -conf} said, if anything: a file's name, or a JSON object written out
   * @param environment the variables; only those that begin with {@code PARLEY_} are heeded
   * @param clustered whether the node is to have others beside it
   * @throws ConfigException if anything is wrong
   */
  public static Loaded load(
      @Nullable String conf, Map<String, String> environment, boolean clustered) {
    var loader = new ConfigLoader();
    if (conf != null) {
      loader.readFile(conf);
    }
    loader.readEnvironment(environment);
    return loader.load(clustered);
  }

  /**
   * The configuration that a JSON object describes, without a look at the environment: for a node inside another program.
   *
   * @throws ConfigException if anything is wrong
   */
  public static Config of(JsonObject json) {
    var loader = new ConfigLoader();
    // Written and read again: what a program puts together holds objects, what is read holds maps.
    loader.readSection("", new JsonObject(json.encode()).getMap(), "the configuration");
    return loader.load(false).config();
  }

  /** The process's own variables. */
  public static Map<String, String> environment() {
    return System.getenv();
  }

  private void readFile(String conf) {
    try {
      var file = ConfigFile.read("-conf", conf);
      readSection("", file.content().getMap(), file.name());
    } catch (ConfigException e) {
      problems.addAll(e.problems());
      unread = true;
    }
  }

  private void readSection(String prefix, Map<?, ?> section, String source) {
    section.forEach((name, raw) -> {
      String key = prefix + name;
      if (keys.containsKey(key)) {
        given.put(key, new Given(raw, source));
      } else if (!isSection(key)) {
        problems.add(new Problem(key, "no such key, in " + source, hint(key, keys.keySet())));
      } else if (raw instanceof Map<?, ?> inner) {
        readSection(key + ".", inner, source);
      } else {
        problems.add(
            Problem.expected(key, "not an object, in " + source, "an object with its keys"));
      }
    });
  }

  private boolean isSection(String name) {
    return keys.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }

  private void readEnvironment(Map<String, String> environment) {
    var byVariable =
        keys.values().stream().collect(Collectors.toMap(Key::variable, Function.identity()));
    new TreeMap<>(environment).forEach((variable, text) -> {
      var key = byVariable.get(variable);
      if (key != null) {
        given.put(key.name(), new Given(text, variable));
      } else if (variable.startsWith(PREFIX) && !ServiceLink.is(variable, text)) {
        problems.add(new Problem(variable, "no such key", hint(variable, byVariable.keySet())));
      }
    });
  }

  private static String hint(String word, Set<String> known) {
    var nearest = Spelling.nearest(word, known);
    return nearest == null ? "see --print-config for all" : "did you mean " + nearest + "?";
  }

  private Loaded load(boolean clustered) {
    var values = new LinkedHashMap<String, Value>();
    keys.values().forEach(key -> values.put(key.name(), value(key)));
    var plain = new LinkedHashMap<String, @Nullable Object>();
    values.forEach((name, value) -> plain.put(name, value.value()));
    var config = Keys.build(Config.class, plain);
    if (!unread) {
      problems.addAll(new Consistency(config, values, bad, clustered).problems());
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Loaded(config, List.copyOf(values.values()));
  }

  private Value value(Key key) {
    var found = given.get(key.name());
    if (found == null) {
      return new Value(key, ValueParser.byDefault(key), Value.DEFAULT);
    }
    var value = found.raw() == null ? null : ValueParser.parse(key, found.raw());
    if (value != null) {
      return new Value(key, value, found.source());
    }
    bad.add(key.name());
    problems.add(Problem.expected(
        key.name(), quoted(key, found) + " in " + found.source(), ValueParser.expected(key)));
    return new Value(key, ValueParser.byDefault(key), found.source());
  }

  private static String quoted(Key key, Given found) {
    if (key.setting().secret()) {
      return "not text";
    }
    String text = String.valueOf(found.raw());
    if (text.isBlank()) {
      return "empty";
    }
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }
}

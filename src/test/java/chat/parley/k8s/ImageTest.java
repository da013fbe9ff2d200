package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.Main;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image fits the manifests, and its JVM takes its options. */
class ImageTest {
  private static final Path OPTIONS = Path.of("k8s", "jvm.options");
  private static final List<String> DOCKERFILE = lines(Path.of("k8s", "Dockerfile"));

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What stands behind the last of these instructions. */
  private static String last(String instruction) {
    return instructions(instruction).reduce((before, after) -> after).orElseThrow();
  }

  private static Stream<String> instructions(String instruction) {
    return DOCKERFILE.stream()
        .filter(line -> line.startsWith(instruction + " "))
        .map(line -> line.substring(instruction.length()).strip());
  }

  private static String java(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() < 25) {
      command.add("-XX:+IgnoreUnrecognizedVMOptions"); // the image has 25
    }
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void the_jvm_takes_its_options_without_a_word_and_its_heap_from_the_container() throws Exception {
    var output = java("-XX:MaxRAM=1g", "@" + OPTIONS, "-XX:+PrintFlagsFinal", "--version");

    assertThat(output).doesNotContainPattern("(?i)\\bwarning:");
    var flags = Pattern.compile(" (MaxHeapSize|UseZGC) += (\\S+)").matcher(output);
    var found = new HashMap<String, String>();
    while (flags.find()) {
      found.put(flags.group(1), flags.group(2));
    }
    assertThat(found).containsEntry("UseZGC", "true");
    long heap = Long.parseLong(Objects.requireNonNull(found.get("MaxHeapSize")));
    assertThat(heap).isBetween(590L << 20, 630L << 20);
  }

  @Test
  void hazelcast_and_netty_get_what_the_build_gives_them() throws IOException {
    var pom = Pattern.compile("<jvm.flags>(.*)</jvm.flags>")
        .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(pom.find()).isTrue();
    var needed = pom.group(1)
        .replaceAll("(--add-\\w+) ", "$1=")
        .replace("-XX:+IgnoreUnrecognizedVMOptions ", "");

    assertThat(lines(OPTIONS)).contains(needed.split(" "));
  }

  @Test
  void it_runs_as_the_manifests_say() {
    var manifests = Manifests.of("production");
    int user = Tree.number(manifests.pod(), "securityContext.runAsUser");
    int group = Tree.number(manifests.pod(), "securityContext.runAsGroup");
    assertThat(last("USER")).isEqualTo(user + ":" + group);
    assertThat(last("EXPOSE").split(" "))
        .containsExactlyInAnyOrderElementsOf(
            manifests.ports().values().stream().map(String::valueOf).toList());
    assertThat(manifests.container()).doesNotContainKey("command");
    assertThat(Tree.text(manifests.container(), "image")).startsWith("parley:");
  }

  @Test
  void java_is_its_first_process_so_that_it_hears_the_signal_to_end() {
    assertThat(new JsonArray(last("ENTRYPOINT")).stream().map(String::valueOf))
        .startsWith("java", "@/opt/parley/jvm.options")
        .endsWith(Main.class.getName());
    assertThat(last("FROM")).isEqualTo("eclipse-temurin:25-jre");
  }

  @Test
  void what_it_copies_is_there_and_is_let_through() {
    var through = lines(Path.of("k8s", "Dockerfile.dockerignore"));
    assertThat(through).contains("*");
    var copied = instructions("COPY")
        .filter(line -> !line.startsWith("--from"))
        .map(line -> line.substring(0, line.indexOf(" ")))
        .toList();
    assertThat(copied).isNotEmpty().allSatisfy(file -> {
      assertThat(Path.of(file)).exists();
      assertThat(through).anyMatch(line -> line.startsWith("!" + file));
    });
  }

  @Test
  void dependencies_are_a_layer_below_our_own_code() {
    assertThat(instructions("FROM")).hasSize(2);
    var layers =
        DOCKERFILE.stream().filter(line -> line.startsWith("COPY --from")).toList();
    assertThat(layers).hasSize(2);
    assertThat(layers.getFirst()).contains("/build/lib");
    assertThat(layers.getLast()).contains("/build/parley.jar");
    // The poms alone decide about the first, so that a change of ours doesn't bring it anew.
    var build = DOCKERFILE.subList(0, DOCKERFILE.indexOf("COPY src src"));
    assertThat(String.join("\n", build)).contains("COPY pom.xml", "copy-dependencies");
  }
}

package chat.parley.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our reading of kustomize against its own: {@code expected.yaml} is what kubectl 1.32 made of the sample, by {@code kubectl kustomize
 * src/test/resources/kustomize/overlay}.
 */
class KustomizationTest {
  private static final Path SAMPLE = Path.of("src/test/resources/kustomize");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;

  @Test
  void a_sample_with_all_that_we_use_becomes_what_kubectl_makes_of_it() throws IOException {
    var kubectl = Files.readString(SAMPLE.resolve("expected.yaml"))
        .replaceAll("name: sample-[a-z0-9]{10}\n", "name: sample\n");
    var expected = Tree.read(Files.writeString(folder.resolve("expected.yaml"), kubectl));

    var built = Kustomization.build(SAMPLE.resolve("overlay"));

    assertThat(built).hasSize(7).hasSameElementsAs(expected);
  }

  @Test
  void a_field_that_we_do_not_read_is_refused() throws IOException {
    Files.writeString(folder.resolve("kustomization.yaml"), "namePrefix: mine-\n");

    assertThatThrownBy(() -> Kustomization.build(folder)).hasMessageContaining("namePrefix");
  }

  @Test
  void a_patch_of_a_list_whose_key_we_do_not_know_is_refused() {
    var object = Map.<String, Object>of("tolerations", List.of(Map.of("key", "a")));

    assertThatThrownBy(() -> StrategicMerge.apply(object, object))
        .hasMessageContaining("tolerations");
  }

  @Test
  void a_key_that_stands_twice_is_refused() throws IOException {
    var file = Files.writeString(folder.resolve("twice.yaml"), "a: 1\na: 2\n");

    assertThatThrownBy(() -> Tree.read(file)).hasMessageContaining("duplicate key");
  }
}

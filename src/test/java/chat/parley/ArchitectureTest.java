package chat.parley;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.config.ConfigLoader;
import chat.parley.session.SessionHost;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom, and what nobody may do. */
class ArchitectureTest {
  private static final int LONGEST_FILE = 400;
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java");
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    var built = Main.class.getProtectionDomain().getCodeSource().getLocation();
    classes = new ClassFileImporter().importUrl(built);
  }

  private static void holds(ArchRule rule) {
    rule.check(classes);
  }

  @Test
  void imports_point_downwards_only() {
    holds(layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("chat.parley..")
        .layer("main")
        .definedBy("chat.parley")
        .layer("outside")
        .definedBy(
            "chat.parley.config..",
            "chat.parley.ops..",
            "chat.parley.api..",
            "chat.parley.gateway..")
        .layer("session")
        .definedBy("chat.parley.session..")
        .layer("presence")
        .definedBy("chat.parley.presence..")
        .layer("inside")
        .definedBy(
            "chat.parley.room..",
            "chat.parley.registry..",
            "chat.parley.relay..",
            "chat.parley.auth..")
        .layer("cluster")
        .definedBy("chat.parley.cluster..")
        .layer("ground")
        .definedBy(
            "chat.parley.protocol..",
            "chat.parley.metrics..",
            "chat.parley.audit..",
            "chat.parley.setting..",
            "chat.parley.tls..",
            "chat.parley.http..")
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("outside")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("session")
        .mayOnlyBeAccessedByLayers("main", "outside")
        .whereLayer("presence")
        .mayOnlyBeAccessedByLayers("main", "outside", "session")
        .whereLayer("inside")
        .mayOnlyBeAccessedByLayers("main", "outside", "session", "presence")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("main", "outside", "session", "presence", "inside")
        .whereLayer("ground")
        .mayOnlyBeAccessedByLayers("main", "outside", "session", "presence", "inside", "cluster")
        .ensureAllClassesAreContainedInArchitecture());
  }

  @Test
  void packages_have_no_cycles() {
    holds(slices().matching("chat.parley.(*)..").should().beFreeOfCycles());
  }

  @Test
  void what_stands_side_by_side_does_not_know_each_other() {
    for (var siblings : List.of(
        List.of("gateway", "api", "ops", "config"),
        List.of("room", "registry", "relay", "auth"),
        List.of("protocol", "metrics", "audit", "setting", "tls", "http"))) {
      for (var one : siblings) {
        var others = siblings.stream()
            .filter(other -> !other.equals(one))
            .map(other -> "chat.parley." + other + "..")
            .toArray(String[]::new);
        holds(noClasses()
            .that()
            .resideInAPackage("chat.parley." + one + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others));
      }
    }
  }

  @Test
  void only_the_cluster_knows_hazelcast() {
    holds(noClasses()
        .that()
        .resideOutsideOfPackage("chat.parley.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.hazelcast.."));
  }

  @Test
  void only_the_edges_know_http() {
    holds(noClasses()
        .that()
        .resideOutsideOfPackages(
            "chat.parley.gateway..",
            "chat.parley.relay..",
            "chat.parley.api..",
            "chat.parley.ops..",
            "chat.parley.tls..",
            "chat.parley.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.core.http.."));
  }

  @Test
  void the_protocol_needs_next_to_nothing() {
    holds(noClasses()
        .that()
        .resideInAPackage("chat.parley.protocol..")
        .should()
        .dependOnClassesThat(are(not(resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "com.fasterxml.jackson.core..",
            "io.vertx.core.json..",
            "io.vertx.core.buffer..",
            "chat.parley.protocol..")))));
  }

  /** Calls of the owner's methods, and references to them. */
  private static DescribedPredicate<JavaAccess<?>> using(Class<?> owner, String methods) {
    return target(owner(assignableTo(owner)))
        .and(target(nameMatching(methods)))
        .as("%s.(%s)", owner.getName(), methods);
  }

  @Test
  void nobody_sleeps() {
    holds(noClasses()
        .should()
        .accessTargetWhere(using(Thread.class, "sleep"))
        .orShould()
        .accessTargetWhere(using(TimeUnit.class, "sleep")));
  }

  @Test
  void no_method_is_synchronized() {
    holds(methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED));
  }

  @Test
  void the_environment_is_read_in_one_place() {
    holds(noClasses()
        .that()
        .doNotBelongToAnyOf(ConfigLoader.class)
        .should()
        .accessTargetWhere(using(System.class, "getenv")));
  }

  @Test
  void clocks_are_handed_in() {
    holds(noClasses()
        .should()
        .accessTargetWhere(using(System.class, "currentTimeMillis"))
        .orShould()
        .accessTargetWhere(using(Instant.class, "now")));
    holds(noClasses()
        .that()
        .doNotBelongToAnyOf(SessionHost.class)
        .should()
        .accessTargetWhere(using(System.class, "nanoTime")));
  }

  @Test
  void nobody_but_the_cluster_waits_for_an_answer() {
    holds(noClasses()
        .that()
        .resideOutsideOfPackage("chat.parley.cluster..")
        .should()
        .accessTargetWhere(using(Future.class, "await"))
        .orShould()
        .accessTargetWhere(using(java.util.concurrent.Future.class, "get|join")));
  }

  private static List<Path> javaFiles(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void no_file_is_longer_than_anyone_wants_to_read() throws IOException {
    for (var root : List.of(MAIN, TESTS)) {
      for (var file : javaFiles(root)) {
        assertThat(Files.readAllLines(file).size())
            .as("%s", file)
            .isLessThanOrEqualTo(LONGEST_FILE);
      }
    }
  }

  @Test
  void every_package_says_where_null_may_be() throws Exception {
    var packages = javaFiles(MAIN).stream().map(Path::getParent).distinct().toList();
    assertThat(packages).hasSizeGreaterThan(5);
    for (var directory : packages) {
      var name = MAIN.relativize(directory).toString().replace('/', '.');
      assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
          .as(name)
          .isTrue();
    }
  }
}

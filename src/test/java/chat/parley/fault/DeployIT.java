package chat.parley.fault;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.Answer;
import chat.parley.testing.Checker;
import chat.parley.testing.Outage;
import chat.parley.testing.Outages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A deploy, one node more, and one node less, by a driver that does what Kubernetes does with {@code k8s/base/deployment.yaml}, while 2,000 clients talk. What
 * depends on how much else the machine has to do, who was seen to leave, the peak of returns and the longest silence, is told and not judged.
 */
class DeployIT extends FaultTest {
  private static final Path MANIFEST = Path.of("k8s", "base", "deployment.yaml");
  private static final int CLIENTS = 2_000;
  private static final int ROOMS = 100;
  /** What is asked for; somewhat fewer are made on a machine that is late. */
  private static final int PER_SECOND = 330;

  private static final int LEAST_PER_SECOND = 300;
  private static final int DRAIN_RATE = 100;
  private static final Duration REFUSED = Duration.ofSeconds(1);
  private static final Duration STEP = Duration.ofMinutes(4);

  @Test
  void a_deploy_and_a_change_of_size_lose_nothing() {
    var deployment = Deployment.read(MANIFEST);
    plan.rounds(random -> round(deployment, random));
  }

  private void round(Deployment deployment, Random random) {
    try (var pods = new Pods(
            deployment,
            plan.test() + plan.round(),
            start -> start.with("PARLEY_DRAIN_RATE", String.valueOf(DRAIN_RATE)));
        var town = new Town(vertx, ROOMS)) {
      pods.settle(STEP);
      town.populate(CLIENTS, pods.service(), random);
      town.talk(PER_SECOND);
      step("every node was replaced", pods, pods::rollOut);
      step("a fourth node came", pods, () -> pods.scale(deployment.replicas() + 1));
      step("one of four nodes went", pods, () -> pods.scale(deployment.replicas()));
      town.settle(pods.any().webSocket(), plan.within(Duration.ofSeconds(30)));
      judge(town);
    }
  }

  private void step(String what, Pods pods, Runnable change) {
    long began = System.nanoTime();
    change.run();
    pods.settle(STEP);
    plan.say(what + " within " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
  }

  private void judge(Town town) {
    var verdict = Checker.strict().check(town.journals());
    var refused =
        Figures.of(town.answers().stream().map(Answer::refusedFor).filter(time -> !time.isZero()));
    plan.say(verdict.figures());
    plan.say("publishes a second: %.0f".formatted(town.rate()));
    plan.say("clients that came back: %,d, at most %d a second (drain.rate %d)"
        .formatted(town.returns().length, town.peak(), DRAIN_RATE));
    plan.say("users that others were told have left: " + town.departures());
    plan.say("from the end of a connection until its client is back and caught up: "
        + Figures.of(town.journals().stream()
            .flatMap(journal -> Outages.of(journal).stream())
            .map(Outage::whole)));
    plan.say("publishes refused, until their ack: " + refused);
    plan.say("longest silence of a client: " + town.silence().toMillis() + " ms");

    verdict.assertClean();
    assertThat(verdict.gaps()).isZero();
    assertThat(town.rate() * plan.within(Duration.ofSeconds(1)).toSeconds())
        .isGreaterThan(LEAST_PER_SECOND);
    assertThat(refused.longest()).isLessThan(plan.within(REFUSED));
  }
}

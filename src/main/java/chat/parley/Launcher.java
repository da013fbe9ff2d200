package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.config.Config;
import chat.parley.config.ConfigException;
import chat.parley.config.ConfigFile;
import chat.parley.config.ConfigLoader;
import chat.parley.config.Loaded;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.ExitCodes;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import io.vertx.launcher.application.impl.CommandException;
import io.vertx.launcher.application.impl.VertxApplicationCommand;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The Vert.x launcher with all its options, our own beside them, and a node as its verticle. Confined to the thread that
 * launches.
 */
final class Launcher extends VertxApplication implements VertxApplicationHooks {
  private static final Logger log = LoggerFactory.getLogger("parley");
  private static final String CHECK = "--check-config";
  private static final String PRINT = "--print-config";
  private static final String VERSION = "--version";

  /** What Vert.x would count at each message and request; we have our own meters on that path. */
  private static final Set<String> PER_MESSAGE = Stream.of(
          MetricsDomain.EVENT_BUS,
          MetricsDomain.HTTP_SERVER,
          MetricsDomain.HTTP_CLIENT,
          MetricsDomain.NET_SERVER,
          MetricsDomain.NET_CLIENT)
      .map(MetricsDomain::toCategory)
      .collect(Collectors.toSet());

  /** An event loop that takes so much longer than it has is stuck. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private final String[] args;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private @Nullable Loaded loaded;
  private @Nullable ParseResult options;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Clustering clustering = Clustering.none();
  private @Nullable Node node;
  private int gateways = 1;

  Launcher(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    super(args);
    this.args = args;
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /** Starts what the arguments ask for; the node then runs on. Returns the exit code, 0 if all went well. */
  @Override
  public int launch() {
    if (args.length > 0 && args[0].equals(CertificateCommand.NAME)) {
      return CertificateCommand.run(Arrays.copyOfRange(args, 1, args.length), out, err);
    }
    var commandLine =
        new CommandLine(new VertxApplicationCommand(this, this, new LauncherLog(log)));
    commandLine
        .getCommandSpec()
        .name("java -jar parley.jar")
        .addOption(flag(CHECK, "Says whether the configuration is right, and ends."))
        .addOption(flag(PRINT, "Prints each key, its value and where that came from, and ends."))
        .addOption(flag(VERSION, "Prints the version and ends."))
        .usageMessage()
        .description("Runs a node of Parley.")
        .footer(
            "Configuration keys and their environment variables: --print-config.",
            "What the nodes of a cluster do: java -jar parley.jar top --help.",
            "Certificates for development: java -jar parley.jar certificate --help.");
    return commandLine
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .setOptionsCaseInsensitive(true)
        .setExecutionStrategy(this::execute)
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e))
        .execute(args);
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name, name.substring(1))
        .type(boolean.class)
        .arity("0")
        .description(description)
        .build();
  }

  private int execute(ParseResult parsed) {
    var helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    if (parsed.hasMatchedOption(VERSION)) {
      out.println(Banner.version());
      return 0;
    }
    try {
      loaded = load(parsed);
    } catch (ConfigException e) {
      err.println("The configuration is not right:");
      e.problems().forEach(problem -> err.println("  " + problem));
      return ExitCodes.USAGE;
    }
    if (parsed.hasMatchedOption(PRINT)) {
      out.print(loaded.table());
      return 0;
    } else if (parsed.hasMatchedOption(CHECK)) {
      out.println("ok");
      return 0;
    }
    options = parsed;
    LogSetup.apply(loaded.config().log());
    return new CommandLine.RunLast().execute(parsed);
  }

  private Loaded load(ParseResult parsed) {
    for (String option : List.of("--options", "--deployment-options")) {
      String given = parsed.matchedOptionValue(option, null);
      if (given != null) {
        ConfigFile.read(option, given);
      }
    }
    return ConfigLoader.load(
        parsed.matchedOptionValue("--conf", null),
        environment,
        parsed.hasMatchedOption("--cluster"));
  }

  private static int failed(Exception e) {
    if (e instanceof CommandException known) {
      return known.getCode();
    }
    log.error("Parley could not start: a mistake of its own", e);
    return ExitCodes.SOFTWARE;
  }

  /** One event loop per processor, and the native transport, where the options don't say otherwise. */
  @Override
  public JsonObject afterVertxOptionsParsed(@Nullable JsonObject given) {
    var json = given == null ? new JsonObject() : given;
    if (!json.containsKey("eventLoopPoolSize")) {
      json.put("eventLoopPoolSize", Runtime.getRuntime().availableProcessors());
    }
    if (!json.containsKey("preferNativeTransport")) {
      json.put("preferNativeTransport", true);
    }
    return json;
  }

  @Override
  public VertxBuilder createVertxBuilder(VertxOptions vertxOptions) {
    clustering = clustered() ? Clustering.of(config().cluster()) : Clustering.none();
    var metrics = new MicrometerMetricsOptions()
        .setEnabled(true)
        .setJvmMetricsEnabled(true)
        .setDisabledMetricsCategories(PER_MESSAGE);
    var builder = Vertx.builder()
        .with(clustering.prepare(vertxOptions.setMetricsOptions(metrics)))
        .withMetrics(new MicrometerMetricsFactory(registry));
    return clustering.prepare(builder);
  }

  /** The node; a verticle named on the command line runs in its place. */
  @Override
  public @Nullable Supplier<? extends Deployable> verticleSupplier() {
    return named() ? null : this::node;
  }

  private Node node() {
    node = new Node(config(), clustering, registry, gateways);
    return node;
  }

  /** One node in a process: {@code -instances} is the number of its gateways, else there is one per event loop. */
  @Override
  public void beforeDeployingVerticle(HookContext context) {
    if (named()) {
      return;
    }
    var deployment = context.deploymentOptions();
    boolean asked = parsed().hasMatchedOption("--instances") || deployment.getInstances() > 1;
    gateways = asked ? deployment.getInstances() : context.vertxOptions().getEventLoopPoolSize();
    deployment.setInstances(1);
  }

  @Override
  public void afterVerticleDeployed(HookContext context) {
    if (node != null) {
      log.info(Banner.text(
          Objects.requireNonNull(loaded), node.port(), clustered() ? node.members() : 0));
    }
  }

  @Override
  public void afterFailureToStartVertx(HookContext context, @Nullable Throwable why) {
    log.error(StartFailure.ofVertx(why, config()));
  }

  @Override
  public void afterFailureToDeployVerticle(HookContext context, @Nullable Throwable why) {
    log.error(StartFailure.ofNode(why, config()));
    context.vertx().close();
  }

  /** Nobody is let in from the first moment of the end; the thread that ends the process waits here until all have gone. */
  @Override
  public void beforeStoppingVertx(HookContext context) {
    if (node == null) {
      return;
    }
    var drained = new CountDownLatch(1);
    node.drain().onComplete(done -> drained.countDown());
    try {
      long limit = config().drain().seconds().plus(LATE).toMillis();
      if (!drained.await(limit, TimeUnit.MILLISECONDS)) {
        log.warn("The node ends though it could not send its clients elsewhere");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean clustered() {
    return Objects.requireNonNull(options).hasMatchedOption("--cluster");
  }

  private boolean named() {
    return parsed().hasMatchedPositional(0);
  }

  private ParseResult parsed() {
    return Objects.requireNonNull(options);
  }

  private Config config() {
    return Objects.requireNonNull(loaded).config();
  }
}

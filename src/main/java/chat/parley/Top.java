package chat.parley;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code java -jar parley.jar top}: what the nodes of a cluster do, shown again and again. Confined to the thread that calls it. */
@Command(
    name = "java -jar parley.jar " + Top.NAME,
    mixinStandardHelpOptions = true,
    description = "Shows the nodes of a cluster and its busiest rooms, again and again.",
    footer = "Any node answers for all. The token has to be one of role admin.")
final class Top implements Callable<Integer> {
  /** The sub-command. */
  static final String NAME = "top";

  private static final String TOKEN = "PARLEY_ADMIN_TOKEN";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Option(names = "--url", description = "A node's address (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://localhost:8080");

  @Option(names = "--token", description = "The token; better in the variable " + TOKEN + ".")
  private @Nullable String token;

  @Option(names = "--every", description = "Seconds between two looks (default: ${DEFAULT-VALUE}).")
  private int every = 2;

  @Option(names = "--times", description = "How many looks; 0: until it is ended.")
  private int times;

  private final PrintStream out;
  private final PrintStream err;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final TopScreen screen = new TopScreen(InstantSource.system());

  private Top(@Nullable String token, PrintStream out, PrintStream err) {
    this.token = token;
    this.out = out;
    this.err = err;
  }

  /** Runs until it is ended, or as often as asked; the process's exit code. */
  static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    var options = new String[args.length - 1];
    System.arraycopy(args, 1, options, 0, options.length);
    return new CommandLine(new Top(environment.get(TOKEN), out, err))
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .execute(options);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (token == null) {
      err.println("A token of role admin is needed: in " + TOKEN + ", or as --token.");
      return ExitCode.USAGE;
    } else if (every < 1) {
      err.println("--every: " + every + " (expected: 1 or more seconds)");
      return ExitCode.USAGE;
    }
    for (int looks = 1; ; looks++) {
      boolean seen = look(token);
      if (looks == times || (looks == 1 && !seen)) {
        return seen ? ExitCode.OK : ExitCode.SOFTWARE;
      }
      pause();
    }
  }

  /** Whether there was something to be seen. */
  private boolean look(String bearer) throws InterruptedException {
    try {
      var shown = screen.show(ask(bearer, "nodes"), ask(bearer, "rooms?limit=1000"));
      out.println(times == 0 ? CLEAR + shown : shown); // somebody watches, or a script reads
      return true;
    } catch (IOException e) {
      err.println(url + " can't be asked: " + e.getMessage());
      return false;
    }
  }

  private JsonObject ask(String bearer, String what) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url.resolve("/api/v1/" + what))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + bearer)
        .build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    try {
      var body = new JsonObject(answer.body());
      if (answer.statusCode() == 200) {
        return body;
      }
      throw new IOException(answer.statusCode() + ", " + body.getString("detail"));
    } catch (DecodeException e) {
      throw new IOException(answer.statusCode() + ", and not an answer of Parley's", e);
    }
  }

  private void pause() throws InterruptedException {
    if (new CountDownLatch(1).await(every, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Bug: nobody counts down");
    }
  }
}

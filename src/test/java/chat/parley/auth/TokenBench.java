package chat.parley.auth;

import chat.parley.testing.Await;
import chat.parley.testing.TokenSigner;
import chat.parley.testing.Tokens;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What the check of one token costs, from its text to its identity: one JSON line per algorithm. {@code src/bench/token.sh} runs it.
 */
public final class TokenBench {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final Duration CELL = Duration.ofSeconds(2);
  private static final int TOKENS = 64;

  private TokenBench() {}

  /** See the class. */
  public static void main(String[] args) {
    var vertx = Vertx.vertx();
    var secret = new JwtAuthenticator(vertx, Tokens.SECRET, InstantSource.system());
    var shared = new ArrayList<String>();
    for (int i = 0; i < TOKENS; i++) {
      shared.add(Tokens.of("user" + i));
    }
    measure("HS256", secret, shared);
    for (var signer : TokenSigner.ofEveryKind()) {
      var keys = PemKeys.read(List.of(signer.pem()));
      var authenticator = new JwtAuthenticator(
          vertx, keys, KeySource.none(), TokenRules.NONE, InstantSource.system());
      var tokens = new ArrayList<String>();
      for (int i = 0; i < TOKENS; i++) {
        tokens.add(signer.token("user" + i));
      }
      measure(signer.algorithm(), authenticator, tokens);
    }
    var unused = vertx.close();
  }

  private static void measure(String algorithm, Authenticator authenticator, List<String> tokens) {
    run(authenticator, tokens);
    double micros = run(authenticator, tokens);
    OUT.printf("{\"algorithm\":\"%s\",\"micros\":%.1f}%n", algorithm, micros);
  }

  private static double run(Authenticator authenticator, List<String> tokens) {
    long began = System.nanoTime();
    long end = began + CELL.toNanos();
    long count = 0;
    while (System.nanoTime() < end) {
      for (var token : tokens) {
        Await.result("a token's check", authenticator.authenticate(token));
      }
      count += tokens.size();
    }
    return (System.nanoTime() - began) / 1e3 / count;
  }
}

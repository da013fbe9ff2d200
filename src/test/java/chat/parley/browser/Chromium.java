package chat.parley.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The browser that this machine has: none is ever downloaded. Confined to the test's thread. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  /** One window for nobody to see, and no talk with the browser's maker. */
  private static final List<String> ARGUMENTS = List.of(
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A page that a test makes up has come from no address, and may otherwise not reach a node on
      // this machine.
      "--disable-features=LocalNetworkAccessChecks");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /**
   * Starts it: {@code PARLEY_CHROMIUM}, or one found on the path. Where there is none the tests are skipped and say why; with
   * {@code CI=true} they fail.
   */
  static Chromium launch() {
    return launch(System.getenv());
  }

  /** Starts it as a person whose home has a store of trusted authorities ({@code .pki/nssdb}). */
  static Chromium launchAt(Path home) {
    var environment = new HashMap<>(System.getenv());
    environment.put("HOME", home.toString());
    return launch(environment);
  }

  private static Chromium launch(Map<String, String> environment) {
    var executable = executable();
    if (executable.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no browser: set PARLEY_CHROMIUM, or install one of " + NAMES);
    }
    if (executable.isEmpty()) {
      System.out.println("Browser tests skipped: none of " + NAMES + " found, no PARLEY_CHROMIUM");
    }
    Assumptions.assumeTrue(executable.isPresent(), "skipped: there is no browser here");
    return launch(executable.orElseThrow(), environment);
  }

  private static Chromium launch(Path executable, Map<String, String> home) {
    unpackDriverIn(Path.of("target", "playwright"));
    var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    try {
      var options =
          new LaunchOptions().setExecutablePath(executable).setArgs(ARGUMENTS).setEnv(home);
      return new Chromium(playwright, playwright.chromium().launch(options));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  /** Some hundred megabytes, which otherwise stay in the system's temporary directory when a run is killed. */
  private static void unpackDriverIn(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.setProperty("playwright.driver.tmpdir", directory.toAbsolutePath().toString());
  }

  private static Optional<Path> executable() {
    var named = System.getenv("PARLEY_CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin");
    return NAMES.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What a context is made from: each tab of our tests is a person with a storage of their own. */
  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}

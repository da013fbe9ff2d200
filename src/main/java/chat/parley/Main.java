package chat.parley;

import chat.parley.config.ConfigLoader;

/** The program's entry: {@code java -jar parley.jar [options]}, or {@code … top}. Pure, but for the process that it starts. */
public final class Main {
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final String UNTIL_PARENT_ENDS = "parley.until.parent.ends";

  private Main() {}

  /** Starts a node; ends the process with the launcher's code where that fails. */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(Top.NAME)) {
      System.exit(Top.run(args, ConfigLoader.environment(), System.out, System.err));
    }
    widenCommonPool();
    Signals.obey();
    endWithParent();
    int code = new Launcher(args, ConfigLoader.environment(), System.out, System.err).launch();
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Hazelcast completes on the common pool, and where that has less than two threads it makes a new one for each completion:
   * twenty times slower (RATIONALE.md). The property is read when the pool is first used, so before anything else.
   */
  private static void widenCommonPool() {
    if (System.getProperty(COMMON_POOL) == null
        && Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty(COMMON_POOL, "2");
    }
  }

  /** A Maven that is told to end leaves the program that it runs behind, on the port that the next run wants. */
  private static void endWithParent() {
    if (Boolean.getBoolean(UNTIL_PARENT_ENDS)) {
      ProcessHandle.current().parent().ifPresent(parent -> {
        var unused = parent.onExit().thenRun(() -> System.exit(0));
      });
    }
  }
}

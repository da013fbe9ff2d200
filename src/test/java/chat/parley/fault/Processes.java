package chat.parley.fault;

import chat.parley.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux tells of a process. Pure. */
final class Processes {
  private Processes() {}

  /** How many files this process may open, and any that it starts; more than usual if it is allowed to say so. */
  static int openFiles() {
    var self = Long.toString(ProcessHandle.current().pid());
    Shell.attempt("prlimit", "--pid", self, "--nofile=65536:65536");
    return (int) Math.min(
        Integer.MAX_VALUE, Long.parseLong(words("/proc/self/limits", "Max open files")[4]));
  }

  /** Memory that it has. */
  static long residentBytes(long pid) {
    return Long.parseLong(words("/proc/" + pid + "/status", "VmRSS:")[1]) * 1_024;
  }

  /** Files and sockets that it has open. */
  static int descriptors(long pid) {
    try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has used, in the kernel and outside; a tick is 10 ms. */
  static Duration cpu(long pid) {
    var stat = read("/proc/" + pid + "/stat");
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Duration.ofMillis(10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
  }

  private static String[] words(String file, String begin) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(begin))
        .findFirst()
        .orElseThrow()
        .split("\\s+", -1);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package chat.parley.bench;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A load that keeps so many messages outstanding until its time is over, and what came of it. What was answered in one turn is asked for anew
 * at its end, as many clients on one event loop would. Confined to its context, but for {@link #run}.
 */
public final class ClosedLoop {
  /** Sends one message, and tells {@link #ended} when it was answered. */
  public interface Sender {
    void send(ClosedLoop loop);
  }

  private static final int SAMPLES = 1 << 20;

  private final Context context;
  private final int outstanding;
  private final Duration time;
  private final Sender sender;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final long[] samples = new long[SAMPLES];
  private long end;
  private long sampled;
  private long acked;
  private long failed;
  private int flying;
  private int owed;

  public ClosedLoop(Context context, int outstanding, Duration time, Sender sender) {
    this.context = context;
    this.outstanding = outstanding;
    this.time = time;
    this.sender = sender;
  }

  /** Runs it and returns the figures, as fields of a JSON object: acks per second, and per second that this process and the peer were at work. */
  public String run(ProcessHandle peer) throws Exception {
    var cpu = cpu(peer);
    long begun = System.nanoTime();
    end = begun + time.toNanos();
    owed = outstanding;
    context.runOnContext(now -> pay());
    done.get(60, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double cpuSeconds = cpu(peer).minus(cpu).toNanos() / 1e9;
    int n = (int) Math.min(SAMPLES, sampled);
    Arrays.sort(samples, 0, n);
    return String.format(
        Locale.ROOT,
        "\"outstanding\":%d,\"per_s\":%.0f,\"per_cpu_s\":%.0f,\"p50_us\":%d,\"p99_us\":%d,\"failed\":%d",
        outstanding,
        acked / seconds,
        acked / cpuSeconds,
        samples[n / 2] / 1_000,
        samples[(int) (n * 0.99)] / 1_000,
        failed);
  }

  /** Of both processes: it hardly moves when somebody else uses the machine. */
  private static Duration cpu(ProcessHandle peer) {
    var ours = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    return ours.plus(peer.info().totalCpuDuration().orElseThrow());
  }

  /** So many messages, sent at {@code begun} ({@link System#nanoTime()}), were answered, all in the same way. */
  public void ended(int messages, long begun, boolean ok) {
    flying -= messages;
    acked += ok ? messages : 0;
    failed += ok ? 0 : messages;
    samples[(int) (sampled++ % SAMPLES)] = System.nanoTime() - begun;
    if (owed == 0) {
      context.runOnContext(now -> pay());
    }
    owed += messages;
  }

  private void pay() {
    int n = owed;
    owed = 0;
    if (System.nanoTime() < end) {
      flying += n;
      for (int i = 0; i < n; i++) {
        sender.send(this);
      }
    } else if (flying == 0) {
      done.complete(null);
    }
  }
}

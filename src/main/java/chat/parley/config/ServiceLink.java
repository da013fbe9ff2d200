package chat.parley.config;

import java.util.regex.Pattern;

/**
 * The variables that Kubernetes puts into every pod for a service called parley: {@code PARLEY_SERVICE_HOST},
 * {@code PARLEY_PORT_8080_TCP} and so on. They are nobody's mistake. Pure.
 */
final class ServiceLink {
  private static final Pattern SERVICE =
      Pattern.compile("PARLEY_(\\w+_)?SERVICE_(HOST|PORT(_\\w+)?)");
  private static final Pattern PORT =
      Pattern.compile("PARLEY_(\\w+_)?PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

  private ServiceLink() {}

  /** Whether the variable is one of those; one of ours that is only misspelt holds no address like theirs. */
  static boolean is(String variable, String text) {
    return SERVICE.matcher(variable).matches()
        || (PORT.matcher(variable).matches()
            && (variable.matches(".*_\\d+_(TCP|UDP|SCTP)(_\\w+)?") || text.contains("://")));
  }
}

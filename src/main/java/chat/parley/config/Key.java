package chat.parley.config;

import chat.parley.setting.Setting;

/**
 * One configuration key. Immutable.
 *
 * @param name as in a file: {@code cluster.busPort}
 * @param type the record component's type
 * @param optional whether it may have no value at all
 * @param setting what it means and what it may be
 */
record Key(String name, Class<?> type, boolean optional, Setting setting) {
  /** The environment variable's name: {@code PARLEY_CLUSTER_BUS_PORT}. */
  String variable() {
    var variable = new StringBuilder("PARLEY_");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        variable.append('_');
      }
      variable.append(c == '.' ? '_' : Character.toUpperCase(c));
    }
    return variable.toString();
  }
}

/** Measurements that are run by hand; src/bench has the commands and what came out. */
@org.jspecify.annotations.NullMarked
package chat.parley.bench;

@org.jspecify.annotations.NullMarked
package chat.parley.metrics;

/**
 * The proof: real nodes under faults, real clients that talk all the while, and a judge that knows only what the clients saw.
 * {@code mvn verify} leaves it out; {@code mvn -Pfaults verify} runs all of this package once, and longer with {@code -Dminutes=30}.
 */
@NullMarked
package chat.parley.fault;

import org.jspecify.annotations.NullMarked;

/**
 * The proof: real nodes under faults, real clients that talk all the while, and a judge that knows only what the clients saw.
 * {@code mvn verify} runs it short; {@code mvn -Pfaults verify -Dminutes=30 -Dseed=1} runs it long.
 */
@NullMarked
package chat.parley.fault;

import org.jspecify.annotations.NullMarked;

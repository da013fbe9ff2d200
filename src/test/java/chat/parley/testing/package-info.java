/**
 * What tests are made of: clients that speak the protocol and write down what they saw, a checker that judges it, and
 * nodes, networks and faults to see it under.
 */
@NullMarked
package chat.parley.testing;

import org.jspecify.annotations.NullMarked;

/** What is written down of who came, what they were refused, and how they left. */
@NullMarked
package chat.parley.audit;

import org.jspecify.annotations.NullMarked;

/** What every HTTP answer of ours has in common. */
@NullMarked
package chat.parley.http;

import org.jspecify.annotations.NullMarked;

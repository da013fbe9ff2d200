/** Rooms: their log, their delivery between nodes, and their members on each event loop. */
@NullMarked
package chat.parley.room;

import org.jspecify.annotations.NullMarked;

package chat.parley.room;

/** What makes a message the same one when it is sent again: who says it, under which id. Immutable. */
record MessageKey(String user, String id) {}

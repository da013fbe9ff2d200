package chat.parley.auth;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Something that is not allowed for a while, though a token says otherwise. Immutable.
 *
 * @param key what it is about; the factory methods make it
 * @param at when it was said, ms since 1970; the later word about a key holds
 * @param until when it ends; not after {@code at}: it was lifted
 * @param version the list's, when it came to be in it; 0: not in it yet
 */
record Block(String key, long at, long until, long version) {
  /** The end of the year 9999. */
  static final long FOREVER = 253_402_300_799_999L;

  /** All tokens of this user that were made up to {@code at}. */
  static String user(String user) {
    return "u " + user;
  }

  /** The token of that name. */
  static String token(String name) {
    return "t " + name;
  }

  /** The user in that room. A room's name has no space. */
  static String ban(String room, String user) {
    return "b " + room + ' ' + user;
  }

  /** The user's presence in that room up to now. */
  static String kick(String room, String user) {
    return "k " + room + ' ' + user;
  }

  boolean holds(long now) {
    return until > at && until > now;
  }

  /** Whether this word about a key goes before another one. */
  boolean isNewer(Block other) {
    return at > other.at || (at == other.at && until > other.until);
  }

  Block as(long newVersion) {
    return new Block(key, at, until, newVersion);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(key);
    out.writeLong(at);
    out.writeLong(until);
    out.writeLong(version);
  }

  static Block read(DataInput in) throws IOException {
    return new Block(in.readUTF(), in.readLong(), in.readLong(), in.readLong());
  }
}

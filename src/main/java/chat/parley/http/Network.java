package chat.parley.http;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses that have their first bits in common: {@code 10.0.0.0/8}, {@code fd00::/8}, or just one. Immutable. */
public final class Network {
  private static final Pattern BITS = Pattern.compile("\\d{1,3}");

  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** Reads one. @throws IllegalArgumentException if it is neither an address nor a network */
  public static Network of(String text) {
    var network = parse(text);
    if (network == null) {
      throw new IllegalArgumentException(text + " (expected: an address or a network)");
    }
    return network;
  }

  /** Whether this is an address or a network. */
  public static boolean isOne(String text) {
    return parse(text) != null;
  }

  private static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    var address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int all = address.length * 8;
    if (slash < 0) {
      return new Network(address, all);
    }
    var tail = text.substring(slash + 1);
    int bits = BITS.matcher(tail).matches() ? Integer.parseInt(tail) : -1;
    return bits < 0 || bits > all ? null : new Network(address, bits);
  }

  /** The address's 4 or 16 bytes, or null if it is none. An IPv4 address inside an IPv6 one is the IPv4 address. */
  public static byte @Nullable [] bytes(String address) {
    var bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return bytes;
    }
    boolean mapped = Arrays.equals(bytes, 0, 10, new byte[10], 0, 10)
        && bytes[10] == (byte) 0xff
        && bytes[11] == (byte) 0xff;
    return mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
  }

  /** Whether the address is one of them. */
  public boolean has(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    int rest = bits % 8;
    return Arrays.equals(address, 0, whole, other, 0, whole)
        && (rest == 0 || ((address[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0);
  }
}

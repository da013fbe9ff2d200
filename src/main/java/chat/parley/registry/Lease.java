package chat.parley.registry;

import chat.parley.cluster.Mergeable;
import chat.parley.cluster.Operation;
import chat.parley.cluster.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, once a second. Immutable.
 *
 * @param node its incarnation
 * @param address where clients reach it, {@code host:port}
 * @param version of Parley
 * @param started ms since 1970
 * @param renewed when it said this, ms since 1970, by its own clock
 * @param leaving whether it is on its way out
 */
public record Lease(
    String node,
    String address,
    String version,
    long started,
    long renewed,
    boolean leaving,
    Vitals vitals)
    implements Mergeable<Lease> {
  static final int FORM = 1;

  /** Each node renews only its own, so the later one is right. */
  @Override
  public Lease merge(Lease other) {
    return other.renewed > renewed ? other : this;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(FORM);
    out.writeUTF(node);
    out.writeUTF(address);
    out.writeUTF(version);
    out.writeLong(started);
    out.writeLong(renewed);
    out.writeBoolean(leaving);
    vitals.write(out);
  }

  static Lease read(DataInput in) throws IOException {
    Wire.form(in, FORM, "a lease");
    return new Lease(
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        Vitals.read(in));
  }

  /** Puts a node's lease in the place of its last one. Immutable. */
  record Renew(Lease lease) implements Operation<Lease, Done> {
    static final int FORM = 1;

    @Override
    public Done apply(Slot<Lease> slot) {
      slot.put(lease);
      return new Done();
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      lease.write(out);
    }

    static Renew read(DataInput in) throws IOException {
      Wire.form(in, FORM, "a renewal");
      return new Renew(Lease.read(in));
    }
  }

  /** Looks at a lease. Immutable. */
  record Look() implements Operation<Lease, Seen> {
    static final int FORM = 1;

    @Override
    public boolean readOnly() {
      return true;
    }

    @Override
    public Seen apply(Slot<Lease> slot) {
      return new Seen(slot.get());
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
    }

    static Look read(DataInput in) throws IOException {
      Wire.form(in, FORM, "a look at a lease");
      return new Look();
    }
  }

  /** A lease, or that there is none. Immutable. */
  record Seen(@Nullable Lease lease) implements Wire {
    static final int FORM = 1;

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      out.writeBoolean(lease != null);
      if (lease != null) {
        lease.write(out);
      }
    }

    static Seen read(DataInput in) throws IOException {
      Wire.form(in, FORM, "a lease that was seen");
      return new Seen(in.readBoolean() ? Lease.read(in) : null);
    }
  }

  /** Drops the lease of a node that has gone. Immutable. */
  record Expire(Departed departed) implements Operation<Lease, Done> {
    static final int FORM = 1;

    @Override
    public Done apply(Slot<Lease> slot) {
      var lease = slot.get();
      if (lease != null && departed.has(lease.node(), lease.renewed())) {
        slot.remove();
      }
      return new Done();
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FORM);
      departed.write(out);
    }

    static Expire read(DataInput in) throws IOException {
      Wire.form(in, FORM, "an expiry of leases");
      return new Expire(Departed.read(in));
    }
  }
}

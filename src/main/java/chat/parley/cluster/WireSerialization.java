package chat.parley.cluster;

import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;

/**
 * The form in which our types travel between members: the type's number (two bytes), then what the type itself wrote. The
 * constants here are part of that form. Immutable.
 */
final class WireSerialization {
  private static final int WIRE = 1;
  private static final int PROCESSOR = 2;
  private static final int POLICIES = 1;

  private final WireTypes types;

  WireSerialization(WireTypes types) {
    this.types = types;
  }

  /**
   * Registers the forms, and closes the way in that Java serialization is. It can't be closed wholly: a member answers a
   * failed call with the exception, which Hazelcast has no other form for.
   */
  void addTo(SerializationConfig config) {
    config.addSerializerConfig(
        new SerializerConfig().setTypeClass(Wire.class).setImplementation(new WireForm()));
    config.addSerializerConfig(new SerializerConfig()
        .setTypeClass(OperationProcessor.class)
        .setImplementation(new ProcessorForm()));
    config.addDataSerializableFactory(POLICIES, number -> new UnitingMergePolicy());
    var filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
    filter
        .getWhitelist()
        .addPrefixes(
            "chat.parley.",
            "com.hazelcast.",
            "java.io.",
            "java.lang.",
            "java.net.",
            "java.nio.",
            "java.util.",
            "[Ljava.lang.");
    config.setJavaSerializationFilterConfig(filter);
  }

  /** Which factory makes {@link UnitingMergePolicy}. */
  static int policies() {
    return POLICIES;
  }

  private void writeWire(ObjectDataOutput out, Wire value) throws IOException {
    out.writeShort(types.numberOf(value.getClass()));
    value.write(out);
  }

  private Wire readWire(ObjectDataInput in) throws IOException {
    return types.byNumber(in.readUnsignedShort()).reader().read(in);
  }

  private final class WireForm implements StreamSerializer<Wire> {
    @Override
    public int getTypeId() {
      return WIRE;
    }

    @Override
    public void write(ObjectDataOutput out, Wire value) throws IOException {
      writeWire(out, value);
    }

    @Override
    public Wire read(ObjectDataInput in) throws IOException {
      return readWire(in);
    }
  }

  private final class ProcessorForm implements StreamSerializer<OperationProcessor<?, ?>> {
    private static final int CHANGE = 1;
    private static final int LOOK = 2;
    private static final int SWEEP = 3;
    private static final int SETTLED_LOOK = 4;
    private static final int PASSING = 5;

    @Override
    public int getTypeId() {
      return PROCESSOR;
    }

    @Override
    public void write(ObjectDataOutput out, OperationProcessor<?, ?> processor) throws IOException {
      out.writeByte(kindOf(processor));
      writeWire(out, processor.operation);
    }

    private int kindOf(OperationProcessor<?, ?> processor) {
      return switch (processor) {
        case OperationProcessor.Change<?, ?> change -> CHANGE;
        case OperationProcessor.Look<?, ?> look -> LOOK;
        case OperationProcessor.Sweep<?, ?> sweep -> SWEEP;
        case OperationProcessor.SettledLook<?, ?> look -> SETTLED_LOOK;
        case OperationProcessor.Passing<?, ?> passing -> PASSING;
      };
    }

    @Override
    public OperationProcessor<?, ?> read(ObjectDataInput in) throws IOException {
      var kind = in.readByte();
      if (!(readWire(in) instanceof Operation<?, ?> operation)) {
        throw new IOException("a processor's content is no operation");
      }
      return switch (kind) {
        case CHANGE -> new OperationProcessor.Change<>(operation);
        case LOOK -> new OperationProcessor.Look<>(operation);
        case SWEEP -> new OperationProcessor.Sweep<>(operation);
        case SETTLED_LOOK -> new OperationProcessor.SettledLook<>(operation);
        case PASSING -> new OperationProcessor.Passing<>(operation);
        default -> throw new IOException("no kind of processor has number " + kind);
      };
    }
  }
}

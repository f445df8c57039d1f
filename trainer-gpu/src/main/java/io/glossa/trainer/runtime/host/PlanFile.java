package io.glossa.trainer.runtime.host;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as bytes. */
final class PlanFile {
    private static final int VERSION = 4;

    private interface Writer<T> {
        void write(T value) throws IOException;
    }

    private interface Reader<T> {
        T read() throws IOException;
    }

    private PlanFile() {}

    static void write(ProgramPlan plan, DataOutput out) throws IOException {
        out.writeInt(VERSION);
        out.writeUTF(plan.name());
        out.writeLong(plan.arenaBytes());
        out.writeLong(plan.workspaceBytes());
        list(out, plan.calls(), call -> {
            out.writeUTF(call.function());
            out.writeBoolean(call.emitted());
            list(out, call.arguments(), value -> value(out, value));
            list(out, call.launches(), launch -> launch(out, launch));
            out.writeInt(call.parts());
            out.writeInt(call.awaits());
        });
        list(out, plan.batch().entrySet(), entry -> slot(out, entry));
        list(out, plan.outputs().entrySet(), entry -> slot(out, entry));
        list(out, plan.state().entrySet(), entry -> {
            out.writeUTF(entry.getKey());
            type(out, entry.getValue());
        });
        list(out, plan.data(), tensor -> {
            type(out, tensor.type());
            for (int i = 0; i < tensor.type().shape().size(); i++) {
                out.writeInt(
                        tensor.type().dtype().isFloat()
                                ? Float.floatToRawIntBits(tensor.floats()[i])
                                : tensor.ints()[i]);
            }
        });
    }

    static ProgramPlan read(DataInput in) throws IOException {
        if (in.readInt() != VERSION) {
            throw new IOException("another version");
        }
        String name = in.readUTF();
        long arenaBytes = in.readLong();
        long workspaceBytes = in.readLong();
        List<ProgramPlan.Call> calls = list(
                in,
                () -> new ProgramPlan.Call(
                        in.readUTF(),
                        in.readBoolean(),
                        list(in, () -> value(in)),
                        list(in, () -> launch(in)),
                        in.readInt(),
                        in.readInt()));
        Map<String, ProgramPlan.Slot> batch =
                map(in, () -> new ProgramPlan.Slot((ProgramPlan.Place) value(in), type(in)));
        Map<String, ProgramPlan.Slot> outputs =
                map(in, () -> new ProgramPlan.Slot((ProgramPlan.Place) value(in), type(in)));
        Map<String, Type> state = map(in, () -> type(in));
        return new ProgramPlan(
                name, arenaBytes, workspaceBytes, calls, batch, outputs, state, list(in, () -> tensor(in)));
    }

    private static HostTensor tensor(DataInput in) throws IOException {
        HostTensor tensor = HostTensor.zeros(type(in));
        for (int i = 0; i < tensor.type().shape().size(); i++) {
            int bits = in.readInt();
            if (tensor.type().dtype().isFloat()) {
                tensor.floats()[i] = Float.intBitsToFloat(bits);
            } else {
                tensor.ints()[i] = bits;
            }
        }
        return tensor;
    }

    private static void value(DataOutput out, ProgramPlan.Value value) throws IOException {
        if (value instanceof ProgramPlan.Number number) {
            out.writeByte(0);
            out.writeLong(number.value());
        } else if (value instanceof ProgramPlan.Prepared made) {
            out.writeByte(1);
            out.writeUTF(made.factory());
            list(out, made.description(), out::writeLong);
        } else if (value instanceof ProgramPlan.InArena place) {
            out.writeByte(2);
            out.writeLong(place.offset());
        } else if (value instanceof ProgramPlan.InState place) {
            out.writeByte(3);
            out.writeUTF(place.name());
            out.writeLong(place.offset());
        } else if (value instanceof ProgramPlan.InWorkspace) {
            out.writeByte(5);
        } else {
            ProgramPlan.InData place = (ProgramPlan.InData) value;
            out.writeByte(4);
            out.writeInt(place.index());
            out.writeLong(place.offset());
        }
    }

    private static ProgramPlan.Value value(DataInput in) throws IOException {
        return switch (in.readByte()) {
            case 0 -> new ProgramPlan.Number(in.readLong());
            case 1 -> new ProgramPlan.Prepared(in.readUTF(), list(in, in::readLong));
            case 2 -> new ProgramPlan.InArena(in.readLong());
            case 3 -> new ProgramPlan.InState(in.readUTF(), in.readLong());
            case 4 -> new ProgramPlan.InData(in.readInt(), in.readLong());
            case 5 -> new ProgramPlan.InWorkspace();
            default -> throw new IOException("an unknown argument");
        };
    }

    private static void launch(DataOutput out, GpuKernel.Launch launch) throws IOException {
        out.writeUTF(launch.function());
        out.writeLong(launch.x());
        out.writeLong(launch.y());
        out.writeLong(launch.z());
        out.writeInt(launch.threads());
        out.writeInt(launch.shared());
    }

    private static GpuKernel.Launch launch(DataInput in) throws IOException {
        return new GpuKernel.Launch(
                in.readUTF(), in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readInt());
    }

    private static void slot(DataOutput out, Map.Entry<String, ProgramPlan.Slot> entry) throws IOException {
        out.writeUTF(entry.getKey());
        value(out, entry.getValue().place());
        type(out, entry.getValue().type());
    }

    private static void type(DataOutput out, Type type) throws IOException {
        out.writeByte(type.dtype().ordinal());
        out.writeByte(type.shape().rank());
        for (int dim : type.shape().dims()) {
            out.writeInt(dim);
        }
    }

    private static Type type(DataInput in) throws IOException {
        DType dtype = DType.values()[in.readByte()];
        int[] dims = new int[in.readByte()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = in.readInt();
        }
        return new Type(dtype, Shape.of(dims));
    }

    private static <T> void list(DataOutput out, Collection<T> values, Writer<T> writer) throws IOException {
        out.writeInt(values.size());
        for (T value : values) {
            writer.write(value);
        }
    }

    private static <T> List<T> list(DataInput in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(reader.read());
        }
        return values;
    }

    private static <T> Map<String, T> map(DataInput in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        Map<String, T> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            values.put(in.readUTF(), reader.read());
        }
        return values;
    }
}

package org.keras4j.backend.reference;

import java.util.List;
import java.util.Optional;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * The slow and obvious backend: plain loops in one thread, sums in double (integers in long), each result rounded to
 * its dtype once. Its kernels run on views of any {@link HostMemory}, so another backend may use them for what it has
 * no kernel of its own for.
 */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String describe() {
        return "reference: plain Java loops, one thread, "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB heap";
    }

    @Override
    public Memory allocate(Storage storage, long elements) {
        return new HostMemory(storage, elements, false);
    }

    @Override
    public Memory allocatePersistent(Storage storage, long elements) {
        return new HostMemory(storage, elements, true);
    }

    @Override
    public void upload(NDArray from, View to) {
        checkTransfer("upload", from.dtype(), from.shape(), to);
        Elements.of(to).write(from.data(), 0, 0, from.size());
    }

    @Override
    public void uploadRows(NDArray from, int[] rows, int count, View to) {
        int total = from.shape().dim(0);
        int row = (int) from.shape().size(1, from.shape().rank());
        if (from.dtype() != to.dtype() || count > rows.length || (long) count * row > to.size())
            throw new IllegalArgumentException("uploadRows: expected " + to.dtype() + " and at most " + to.size()
                    + " elements, got " + count + " rows of " + from.dtype() + from.shape());
        Elements target = Elements.of(to);
        for (int i = 0; i < count; i++) {
            if (rows[i] < 0 || rows[i] >= total)
                throw new IndexOutOfBoundsException(
                        "uploadRows: row " + rows[i] + " at position " + i + " is outside 0 to " + (total - 1));
            target.write(from.data(), rows[i] * row, i * row, row);
        }
    }

    @Override
    public void download(View from, NDArray to) {
        checkTransfer("download", to.dtype(), to.shape(), from);
        Elements.of(from).read(to.data(), 0, 0, to.size());
    }

    private static void checkTransfer(String what, DType dtype, Shape host, View device) {
        if (dtype != device.dtype() || host.size() != device.size())
            throw new IllegalArgumentException(what + ": the device's side is " + device.dtype() + device.shape()
                    + ", the host's " + dtype + host);
    }

    @Override
    public void synchronize() {}

    @Override
    public Kernel copy(View from, View to) {
        checkTransfer("copy", from.dtype(), from.shape(), to);
        Elements source = Elements.of(from);
        Elements target = Elements.of(to);
        return () -> target.copy(0, source, 0, source.size);
    }

    @Override
    public Kernel elementwise(Expression expression, List<View> in, List<View> out) {
        return ReferenceElementwise.prepare(expression, in, out);
    }

    @Override
    public boolean fusesEpilogue(Op op, Spec result) {
        return op instanceof Op.Dot || op instanceof Op.Conv;
    }

    /** Gains nothing by it, but shows whether plans that join operations are right. */
    @Override
    public Kernel withEpilogue(
            Op op, List<View> in, View product, Expression expression, List<View> loads, List<View> out) {
        Kernel first = switch (op) {
            case Op.Dot dot -> dot(dot, in.get(0), in.get(1), product);
            case Op.Conv conv -> conv(conv, in.get(0), in.get(1), product);
            default -> throw new IllegalArgumentException(op + " is no dot or convolution");
        };
        Kernel second = elementwise(expression, loads, out);
        return () -> {
            first.run();
            second.run();
        };
    }

    @Override
    public Kernel reduce(Op.Reduce op, View x, View out) {
        return ReferenceReduce.reduce(op, x, out);
    }

    @Override
    public Kernel argReduce(Op.ArgReduce op, View x, View out) {
        return ReferenceReduce.argReduce(op, x, out);
    }

    @Override
    public Kernel cumulative(Op.Cumulative op, View x, View out) {
        return ReferenceReduce.cumulative(op, x, out);
    }

    @Override
    public Kernel sort(Op.Sort op, View x, View values, View indices) {
        return ReferenceSort.sort(op, x, values, indices);
    }

    @Override
    public Kernel transpose(Op.Transpose op, View x, View out) {
        return ReferenceShape.transpose(op, x, out);
    }

    @Override
    public Kernel slice(Op.Slice op, View x, View out) {
        return ReferenceShape.slice(op, x, out);
    }

    @Override
    public Kernel flip(Op.Flip op, View x, View out) {
        return ReferenceShape.flip(op, x, out);
    }

    @Override
    public Kernel pad(Op.Pad op, View x, View out) {
        return ReferenceShape.pad(op, x, out);
    }

    @Override
    public Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        return ReferenceShape.concatenate(op, in, out);
    }

    @Override
    public Kernel gather(Op.Gather op, View x, View indices, View out) {
        return ReferenceGather.gather(op, x, indices, out);
    }

    @Override
    public Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        return ReferenceGather.scatter(op, x, indices, updates, out);
    }

    @Override
    public Kernel dot(Op.Dot op, View a, View b, View out) {
        return ReferenceDot.dot(op, a, b, out);
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return ReferenceConv.conv(op, x, kernel, out);
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return ReferenceConv.inputGradient(op, dy, kernel, out);
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return ReferenceConv.kernelGradient(op, x, dy, out);
    }

    @Override
    public Kernel pool(Op.Pool op, View x, View out) {
        return ReferencePool.pool(op, x, out);
    }

    @Override
    public Kernel poolGradient(Op.PoolGradient op, List<View> in, View out) {
        return ReferencePool.gradient(op, in, out);
    }

    @Override
    public Kernel random(Op.Random op, View seed, View out) {
        return ReferenceRandom.random(op, seed, out);
    }

    @Override
    public Kernel iota(Op.Iota op, View out) {
        return ReferenceRandom.iota(op, out);
    }

    @Override
    public Kernel linearAlgebra(Op op, List<View> in, List<View> out) {
        return ReferenceLinearAlgebra.prepare(op, in, out);
    }

    /** Says no: this backend shows what the decompositions mean. */
    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return false;
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}

package org.keras4j.backend.device;

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
import org.keras4j.backend.Recording;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * The backend of a {@link Device}, with the kernels that all devices share. A device whose maker has better ones for an
 * operation overrides that method.
 */
public class DeviceBackend implements Backend {
    private final String name;
    private final Device device;
    private final DeviceContext context;
    private final ElementwiseFamily elementwise;
    private final ReduceFamily reductions;
    private final ShapeFamily shapes;
    private final IndexFamily indices;
    private final DotFamily products;
    private final ConvFamily convolutions;
    private final PoolFamily pools;
    private final RandomFamily randoms;
    private final FusionFamily fusions;

    /** Takes over {@code device}, which {@link #close} closes. */
    public DeviceBackend(String name, Device device) {
        this.name = name;
        this.device = device;
        context = new DeviceContext(device);
        elementwise = new ElementwiseFamily(context);
        reductions = new ReduceFamily(context);
        shapes = new ShapeFamily(context);
        indices = new IndexFamily(context);
        products = new DotFamily(context);
        convolutions = new ConvFamily(context);
        pools = new PoolFamily(context);
        randoms = new RandomFamily(context);
        fusions = new FusionFamily(context, products, convolutions);
    }

    @Override
    public final String name() {
        return name;
    }

    /** Returns what its kernels are chosen by. */
    public final Traits traits() {
        return device.traits();
    }

    @Override
    public String describe() {
        Traits t = device.traits();
        return name + ": " + t.name() + ", " + t.units() + " compute units, " + (t.memoryBytes() >> 20) + " MiB";
    }

    @Override
    public Memory allocate(Storage storage, long elements) {
        return new DeviceMemory(device, storage, elements, false);
    }

    @Override
    public Memory allocatePersistent(Storage storage, long elements) {
        var memory = new DeviceMemory(device, storage, elements, true);
        device.clear(memory.buffer(), 0, memory.buffer().bytes());
        return memory;
    }

    @Override
    public void upload(NDArray from, View to) {
        checkTransfer("upload", from.dtype(), from.shape(), to);
        if (to.size() > 0) device.write(Transfers.segment(from.data(), 0, to.size()), buffer(to), firstByte(to));
    }

    @Override
    public void uploadRows(NDArray from, int[] rows, int count, View to) {
        int total = from.shape().dim(0);
        long row = from.shape().size(1, from.shape().rank());
        if (from.dtype() != to.dtype() || count > rows.length || count * row > to.size())
            throw new IllegalArgumentException("uploadRows: expected " + to.dtype() + " and at most " + to.size()
                    + " elements, got " + count + " rows of " + from.dtype() + from.shape());
        for (int i = 0; i < count; i++)
            if (rows[i] < 0 || rows[i] >= total)
                throw new IndexOutOfBoundsException(
                        "uploadRows: row " + rows[i] + " at position " + i + " is outside 0 to " + (total - 1));
        if (row == 0) return;
        device.writeRows(
                Transfers.segment(from.data(), 0, total * row),
                row * to.memory().storage().bytes(),
                rows,
                count,
                buffer(to),
                firstByte(to));
    }

    @Override
    public void download(View from, NDArray to) {
        checkTransfer("download", to.dtype(), to.shape(), from);
        if (from.size() > 0) device.read(buffer(from), firstByte(from), Transfers.segment(to.data(), 0, to.size()));
        context.faults.check();
    }

    private static void checkTransfer(String what, DType dtype, Shape host, View device) {
        if (dtype != device.dtype() || host.size() != device.size())
            throw new IllegalArgumentException(what + ": the device's side is " + device.dtype() + device.shape()
                    + ", the host's " + dtype + host);
    }

    private static Buffer buffer(View view) {
        return ((DeviceMemory) view.memory()).buffer();
    }

    private static long firstByte(View view) {
        return view.offset() * view.memory().storage().bytes();
    }

    @Override
    public void synchronize() {
        device.finish();
        context.faults.check();
    }

    @Override
    public Kernel copy(View from, View to) {
        checkTransfer("copy", from.dtype(), from.shape(), to);
        if (from.size() == 0) return () -> {};
        long bytes = (long) from.size() * from.memory().storage().bytes();
        return device.copy(buffer(from), firstByte(from), buffer(to), firstByte(to), bytes);
    }

    @Override
    public Kernel elementwise(Expression expression, List<View> in, List<View> out) {
        return elementwise.elementwise(expression, in, out);
    }

    @Override
    public Kernel reduce(Op.Reduce op, View x, View out) {
        return reductions.reduce(op, x, out);
    }

    @Override
    public Kernel argReduce(Op.ArgReduce op, View x, View out) {
        return reductions.argReduce(op, x, out);
    }

    @Override
    public Kernel cumulative(Op.Cumulative op, View x, View out) {
        return reductions.cumulative(op, x, out);
    }

    @Override
    public Kernel sort(Op.Sort op, View x, View values, View indices) {
        return this.indices.sort(op, x, values, indices);
    }

    @Override
    public Kernel transpose(Op.Transpose op, View x, View out) {
        return shapes.transpose(op, x, out);
    }

    @Override
    public Kernel slice(Op.Slice op, View x, View out) {
        return shapes.slice(op, x, out);
    }

    @Override
    public Kernel flip(Op.Flip op, View x, View out) {
        return shapes.flip(op, x, out);
    }

    @Override
    public Kernel pad(Op.Pad op, View x, View out) {
        return shapes.pad(op, x, out);
    }

    @Override
    public Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        return shapes.concatenate(op, in, out);
    }

    @Override
    public Kernel gather(Op.Gather op, View x, View indices, View out) {
        return this.indices.gather(op, x, indices, out);
    }

    @Override
    public Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        return this.indices.scatter(op, x, indices, updates, out);
    }

    @Override
    public Kernel dot(Op.Dot op, View a, View b, View out) {
        return products.dot(op, a, b, out);
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return convolutions.conv(op, x, kernel, out);
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return convolutions.inputGradient(op, dy, kernel, out);
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return convolutions.kernelGradient(op, x, dy, out);
    }

    @Override
    public Kernel pool(Op.Pool op, View x, View out) {
        return pools.pool(op, x, out);
    }

    @Override
    public Kernel poolGradient(Op.PoolGradient op, List<View> in, View out) {
        return pools.gradient(op, in, out);
    }

    @Override
    public Kernel random(Op.Random op, View seed, View out) {
        return randoms.random(op, seed, out);
    }

    @Override
    public Kernel iota(Op.Iota op, View out) {
        return randoms.iota(op, out);
    }

    @Override
    public Kernel linearAlgebra(Op op, List<View> in, List<View> out) {
        return context.host.prepare(in, out, (reference, i, o) -> reference.linearAlgebra(op, i, o));
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return fusions.supports(fusion, in);
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        return fusions.fused(fusion, in, out);
    }

    @Override
    public Optional<Recording> record(List<Kernel> kernels) {
        long before = context.faults.watched();
        Optional<Recording> recording = device.record(() -> {
            for (Kernel kernel : kernels) kernel.run();
        });
        boolean watched = context.faults.watched() != before;
        return recording.map(r -> new DeviceRecording(r, context, watched));
    }

    /**
     * Returns memory for what a kernel writes and reads again in one run, made of several that run {@link #together}.
     * All kernels share it; closing it does nothing.
     */
    protected final Memory scratch(Storage storage, long elements) {
        return new DeviceMemory(device, storage, elements, context.scratch.reserve(elements * storage.bytes()));
    }

    /** Returns one kernel that launches all, with no other user of scratch memory in between. */
    protected final Kernel together(Kernel... kernels) {
        return context.scratch.together(kernels);
    }

    @Override
    public void close() {
        context.faults.close();
        context.scratch.close();
        device.close();
    }
}

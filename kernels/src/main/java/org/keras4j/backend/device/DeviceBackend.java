package org.keras4j.backend.device;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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

    /** Returns HALF for the types of 16 bits. */
    @Override
    public Storage storage(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? Storage.HALF : dtype.storage();
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
        if (to.size() == 0) return;
        if (ElementTypes.isHalf(to)) HalfTransfers.of(to.dtype()).upload(device, (float[]) from.data(), to);
        else device.write(Transfers.segment(from.data(), 0, to.size()), buffer(to), firstByte(to));
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
        if (ElementTypes.isHalf(to)) {
            HalfTransfers.of(to.dtype()).uploadRows(device, (float[]) from.data(), (int) row, rows, count, to);
            return;
        }
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
        if (ElementTypes.isHalf(from)) HalfTransfers.of(from.dtype()).download(device, from, (float[]) to.data());
        else if (from.size() > 0)
            device.read(buffer(from), firstByte(from), Transfers.segment(to.data(), 0, to.size()));
        context.faults.check();
    }

    private static void checkTransfer(String what, DType dtype, Shape host, View device) {
        if (dtype != device.dtype() || host.size() != device.size())
            throw new IllegalArgumentException(what + ": the device's side is " + device.dtype() + device.shape()
                    + ", the host's " + dtype + host);
    }

    static Buffer buffer(View view) {
        return ((DeviceMemory) view.memory()).buffer();
    }

    static long firstByte(View view) {
        return view.offset() * view.memory().storage().bytes();
    }

    @Override
    public void synchronize() {
        device.finish();
        context.faults.check();
    }

    /** Prepares a kernel on the views themselves if it {@code takes} those that are HALF, else on floats. */
    private Kernel halves(
            boolean takes, List<View> in, List<View> out, BiFunction<List<View>, List<View>, Kernel> preparation) {
        return takes && ElementTypes.areHalves(in, out) ? preparation.apply(in, out) : widened(in, out, preparation);
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
        if (elementwise.computes(expression)) return elementwise.elementwise(expression, in, out);
        return context.widening.prepare(
                in,
                out,
                (wide, results) ->
                        context.host.prepare(wide, results, (host, i, o) -> host.elementwise(expression, i, o)));
    }

    @Override
    public Kernel reduce(Op.Reduce op, View x, View out) {
        return halves(
                x.size() > 0, List.of(x), List.of(out), (i, o) -> reductions.reduce(op, i.getFirst(), o.getFirst()));
    }

    @Override
    public Kernel argReduce(Op.ArgReduce op, View x, View out) {
        return halves(
                x.size() > 0, List.of(x), List.of(out), (i, o) -> reductions.argReduce(op, i.getFirst(), o.getFirst()));
    }

    @Override
    public Kernel cumulative(Op.Cumulative op, View x, View out) {
        return halves(true, List.of(x), List.of(out), (i, o) -> reductions.cumulative(op, i.getFirst(), o.getFirst()));
    }

    @Override
    public Kernel sort(Op.Sort op, View x, View values, View indices) {
        return context.widening.prepare(
                List.of(x),
                List.of(values, indices),
                (i, o) -> this.indices.sort(op, i.getFirst(), o.get(0), o.get(1)));
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
        return halves(
                products.takesHalves(),
                List.of(a, b),
                List.of(out),
                (i, o) -> products.dot(op, i.get(0), i.get(1), o.getFirst()));
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return halves(
                convolutions.takesHalves(),
                List.of(x, kernel),
                List.of(out),
                (i, o) -> convolutions.conv(op, i.get(0), i.get(1), o.getFirst()));
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return halves(
                convolutions.takesHalves(),
                List.of(dy, kernel),
                List.of(out),
                (i, o) -> convolutions.inputGradient(op, i.get(0), i.get(1), o.getFirst()));
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return halves(
                convolutions.takesHalves(),
                List.of(x, dy),
                List.of(out),
                (i, o) -> convolutions.kernelGradient(op, i.get(0), i.get(1), o.getFirst()));
    }

    @Override
    public Kernel pool(Op.Pool op, View x, View out) {
        return halves(
                pools.takesHalves(), List.of(x), List.of(out), (i, o) -> pools.pool(op, i.getFirst(), o.getFirst()));
    }

    @Override
    public Kernel poolGradient(Op.PoolGradient op, List<View> in, View out) {
        return halves(pools.takesHalves(), in, List.of(out), (i, o) -> pools.gradient(op, i, o.getFirst()));
    }

    @Override
    public Kernel random(Op.Random op, View seed, View out) {
        return halves(true, List.of(seed), List.of(out), (i, o) -> randoms.random(op, i.getFirst(), o.getFirst()));
    }

    @Override
    public Kernel iota(Op.Iota op, View out) {
        return halves(true, List.of(), List.of(out), (i, o) -> randoms.iota(op, o.getFirst()));
    }

    @Override
    public Kernel linearAlgebra(Op op, List<View> in, List<View> out) {
        return context.widening.prepare(
                in,
                out,
                (wide, results) -> context.host.prepare(wide, results, (host, i, o) -> host.linearAlgebra(op, i, o)));
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return fusions.supports(fusion, in);
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        return Optional.of(halves(fusions.takesHalves(fusion), in, out, (i, o) -> fusions.fused(fusion, i, o)));
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

    /** Prepares a kernel on floats instead of the views that are HALF; results need not be rounded. */
    protected final Kernel widened(
            List<View> in, List<View> out, BiFunction<List<View>, List<View>, Kernel> preparation) {
        return context.widening.prepare(in, out, preparation);
    }

    /** Returns one kernel that launches all, with no other user of scratch memory in between. */
    protected final Kernel together(Kernel... kernels) {
        return context.scratch.together(kernels);
    }

    @Override
    public void close() {
        context.faults.close();
        context.scratch.close();
        context.widening.close();
        device.close();
    }
}

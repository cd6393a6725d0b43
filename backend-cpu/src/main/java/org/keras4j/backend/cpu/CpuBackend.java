package org.keras4j.backend.cpu;

import java.util.List;
import java.util.Optional;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Activation;
import org.keras4j.backend.cpu.kernels.Epilogue;
import org.keras4j.backend.cpu.kernels.Machine;
import org.keras4j.backend.cpu.kernels.Randoms;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * Runs on all cores with the Vector API. Memory is that of the reference backend, whose kernels do what is rare or of a
 * dtype that has no fast kernel here.
 */
public final class CpuBackend implements Backend {
    /** With fewer results than these, what follows a product costs little by itself. */
    private static final int FEWEST_FINISHED = 4096;

    private final ReferenceBackend reference = new ReferenceBackend();
    private final WorkPool pool;
    private final PackedWeights weights = new PackedWeights();

    /** Opens the backend on the threads of the process. */
    public CpuBackend() {
        this(WorkPool.shared());
    }

    CpuBackend(WorkPool pool) {
        this.pool = pool;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String describe() {
        return "cpu: Java Vector API, " + Machine.vectorBits() + "-bit vectors, " + pool.threads() + " threads, "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB heap";
    }

    @Override
    public Memory allocate(Storage storage, long elements) {
        return reference.allocate(storage, elements);
    }

    @Override
    public Memory allocatePersistent(Storage storage, long elements) {
        return reference.allocatePersistent(storage, elements);
    }

    @Override
    public void upload(NDArray from, View to) {
        reference.upload(from, to);
    }

    @Override
    public void uploadRows(NDArray from, int[] rows, int count, View to) {
        reference.uploadRows(from, rows, count, to);
    }

    @Override
    public void download(View from, NDArray to) {
        reference.download(from, to);
    }

    @Override
    public void synchronize() {}

    @Override
    public Kernel copy(View from, View to) {
        return reference.copy(from, to);
    }

    @Override
    public Kernel elementwise(Expression expression, List<View> in, List<View> out) {
        return ElementwiseKernel.of(pool, expression, in, out);
    }

    @Override
    public Kernel reduce(Op.Reduce op, View x, View out) {
        return isFast(x) && x.size() > 0 ? Reductions.reduce(pool, op, x, out) : reference.reduce(op, x, out);
    }

    @Override
    public Kernel argReduce(Op.ArgReduce op, View x, View out) {
        return isFast(x) && x.size() > 0 ? Reductions.argReduce(pool, op, x, out) : reference.argReduce(op, x, out);
    }

    @Override
    public Kernel cumulative(Op.Cumulative op, View x, View out) {
        return reference.cumulative(op, x, out);
    }

    @Override
    public Kernel sort(Op.Sort op, View x, View values, View indices) {
        return reference.sort(op, x, values, indices);
    }

    @Override
    public Kernel transpose(Op.Transpose op, View x, View out) {
        return Copies.transpose(pool, op, x, out);
    }

    @Override
    public Kernel slice(Op.Slice op, View x, View out) {
        return Copies.slice(pool, op, x, out);
    }

    @Override
    public Kernel flip(Op.Flip op, View x, View out) {
        return Copies.flip(pool, op, x, out);
    }

    @Override
    public Kernel pad(Op.Pad op, View x, View out) {
        return Copies.pad(pool, op, x, out);
    }

    @Override
    public Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        return Copies.concatenate(pool, op, in, out);
    }

    @Override
    public Kernel gather(Op.Gather op, View x, View indices, View out) {
        return Indexing.gather(pool, op, x, indices, out);
    }

    @Override
    public Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        return isFast(out)
                ? Indexing.scatter(op, x, indices, updates, out)
                : reference.scatter(op, x, indices, updates, out);
    }

    @Override
    public Kernel dot(Op.Dot op, View a, View b, View out) {
        return isFast(out)
                ? DotKernel.of(pool, weights, op, a, b, null, out, Activation.NONE)
                : reference.dot(op, a, b, out);
    }

    @Override
    public Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return isFast(out)
                ? ConvKernels.forward(pool, weights, op.window(), x, kernel, null, out, Activation.NONE)
                : reference.conv(op, x, kernel, out);
    }

    @Override
    public Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return isFast(out)
                ? ConvKernels.inputGradient(pool, op.window(), dy, kernel, out)
                : reference.convInputGradient(op, dy, kernel, out);
    }

    @Override
    public Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return isFast(out)
                ? ConvKernels.kernelGradient(pool, op.window(), x, dy, out)
                : reference.convKernelGradient(op, x, dy, out);
    }

    @Override
    public Kernel pool(Op.Pool op, View x, View out) {
        boolean fast = isFast(out) && (op.function() == Op.Reduction.MAX || op.function() == Op.Reduction.SUM);
        return fast ? ConvKernels.pool(pool, op, x, out) : reference.pool(op, x, out);
    }

    @Override
    public Kernel poolGradient(Op.PoolGradient op, List<View> in, View out) {
        boolean fast = isFast(out) && (op.function() == Op.Reduction.MAX || op.function() == Op.Reduction.SUM);
        return fast ? ConvKernels.poolGradient(pool, op, in, out) : reference.poolGradient(op, in, out);
    }

    @Override
    public Kernel random(Op.Random op, View seed, View out) {
        if (!isFast(out)) return reference.random(op, seed, out);
        int[] key = ((HostMemory) seed.memory()).ints();
        int at = (int) seed.offset();
        float[] to = ((HostMemory) out.memory()).floats();
        int yo = (int) out.offset();
        int n = out.size();
        return switch (op.distribution()) {
            case UNIFORM -> () -> Randoms.uniform(pool, key[at], key[at + 1], to, yo, n);
            case NORMAL -> () -> Randoms.normal(pool, key[at], key[at + 1], to, yo, n);
        };
    }

    @Override
    public Kernel iota(Op.Iota op, View out) {
        return reference.iota(op, out);
    }

    @Override
    public Kernel linearAlgebra(Op op, List<View> in, List<View> out) {
        return reference.linearAlgebra(op, in, out);
    }

    @Override
    public boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.BatchNorm _, Fusion.BatchNormGradient _, Fusion.Recurrence _, Fusion.RecurrenceGradient _ ->
                false;
            case Fusion.Attention _, Fusion.AttentionGradient _ ->
                in.getFirst().dtype() == DType.FLOAT32 && AttentionFusions.support(in);
            default -> in.getFirst().dtype() == DType.FLOAT32;
        };
    }

    @Override
    public Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        if (!isFast(in.getFirst())) return Optional.empty();
        View to = out.getFirst();
        return Optional.of(
                switch (fusion) {
                    case Fusion.Softmax() -> RowFusions.softmax(pool, in.getFirst(), to, false);
                    case Fusion.LogSoftmax() -> RowFusions.softmax(pool, in.getFirst(), to, true);
                    case Fusion.SoftmaxGradient() -> RowFusions.softmaxGradient(pool, in, to);
                    case Fusion.LayerNorm(double epsilon) -> RowFusions.layerNorm(pool, epsilon, in, to);
                    case Fusion.SparseCrossentropy(boolean fromLogits, double epsilon) ->
                        CrossentropyFusions.loss(pool, fromLogits, epsilon, in, to);
                    case Fusion.SparseCrossentropyGradient(boolean fromLogits, double epsilon) ->
                        CrossentropyFusions.gradient(pool, fromLogits, epsilon, in, to);
                    case Fusion.LstmCell() -> CellFusions.lstm(pool, in, out);
                    case Fusion.LstmCellGradient() -> CellFusions.lstmGradient(pool, in, out);
                    case Fusion.GruCell() -> CellFusions.gru(pool, in, out);
                    case Fusion.GruCellGradient() -> CellFusions.gruGradient(pool, in, out);
                    case Fusion.Attention attention -> AttentionFusions.forward(pool, attention, in, out);
                    case Fusion.AttentionGradient(Fusion.Attention attention) ->
                        AttentionFusions.gradient(pool, attention, in, out);
                    case Fusion.DotEpilogue _, Fusion.ConvEpilogue _ ->
                        product(new Op.Fused(fusion), in, to, Activation.NONE);
                    case Fusion.BatchNorm _,
                            Fusion.BatchNormGradient _,
                            Fusion.Recurrence _,
                            Fusion.RecurrenceGradient _ ->
                        throw new IllegalArgumentException(fusion + " is not supported");
                });
    }

    @Override
    public boolean fusesEpilogue(Op op, Spec result) {
        return result.dtype() == DType.FLOAT32 && result.shape().size() >= FEWEST_FINISHED;
    }

    @Override
    public Kernel withEpilogue(
            Op op, List<View> in, View product, Expression expression, List<View> loads, List<View> out) {
        return product(op, in, product, new ElementwiseEpilogue(pool, expression, loads, out, product));
    }

    /** Prepares a dot or a convolution, with or without epilogue, and what is done with pieces of its result. */
    private Kernel product(Op op, List<View> in, View out, Epilogue epilogue) {
        View a = in.get(0);
        View b = in.get(1);
        return switch (op) {
            case Op.Dot dot -> DotKernel.of(pool, weights, dot, a, b, null, out, epilogue);
            case Op.Conv conv -> ConvKernels.forward(pool, weights, conv.window(), a, b, null, out, epilogue);
            case Op.Fused(Fusion.DotEpilogue(Op.Dot dot, boolean bias, var activation)) -> {
                Epilogue both = Epilogue.both(Activations.of(activation), epilogue);
                yield DotKernel.of(pool, weights, dot, a, b, bias ? in.get(2) : null, out, both);
            }
            case Op.Fused(Fusion.ConvEpilogue(Op.Conv conv, boolean bias, var activation)) -> {
                Epilogue both = Epilogue.both(Activations.of(activation), epilogue);
                yield ConvKernels.forward(pool, weights, conv.window(), a, b, bias ? in.get(2) : null, out, both);
            }
            default -> throw new IllegalArgumentException(op + " is no dot or convolution");
        };
    }

    /** Says whether the fast kernels take this view; a 16-bit float would have to be rounded after each operation. */
    private static boolean isFast(View view) {
        return view.dtype() == DType.FLOAT32;
    }

    /** Does nothing: the threads belong to the process. */
    @Override
    public void close() {}
}

package org.keras4j.backend;

import java.util.List;
import java.util.Optional;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Storage;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * A device. Methods that return a {@link Kernel} only prepare: they choose the algorithm and bind the views; the
 * caller then runs the kernel as often as it likes, in the order of preparation, from one thread at a time. An output
 * view never overlaps an input view unless the method says so. What each operation means stands at its record in
 * {@link Op}. Methods may be called from several threads at once.
 */
public interface Backend extends AutoCloseable {
    /** Returns the name that {@code KERAS_BACKEND} has for it. */
    String name();

    /** Returns a line for people: the device, its memory and units. */
    String describe();

    /** Returns what elements of a type are kept in here: {@link DType#storage}, or {@link Storage#HALF}. */
    default Storage storage(DType dtype) {
        return dtype.storage();
    }

    /** Returns memory for a frame's intermediate values; content is undefined. */
    Memory allocate(Storage storage, long elements);

    /** Returns zeroed memory for a variable: {@link Memory#isPersistent}. */
    Memory allocatePersistent(Storage storage, long elements);

    /** Copies from the host; dtype and number of elements must be the view's. */
    void upload(NDArray from, View to);

    /** Copies {@code rows} of the first axis of {@code from} to the first rows of {@code to}. */
    void uploadRows(NDArray from, int[] rows, int count, View to);

    /** Copies to the host, after all kernels run before. */
    void download(View from, NDArray to);

    /** Waits until all kernels that were run are done. */
    void synchronize();

    /** Copies elements; both views have the same dtype and size. */
    Kernel copy(View from, View to);

    /** Runs the expression; an output may be the same view as an input of the full shape and the same storage. */
    Kernel elementwise(Expression expression, List<View> in, List<View> out);

    /**
     * Says whether {@link #withEpilogue} has a kernel for {@code op}: a dot of matrices or a convolution, with or
     * without epilogue, that gives a {@code result}.
     */
    default boolean fusesEpilogue(Op op, Spec result) {
        return false;
    }

    /**
     * Prepares {@code op} of {@code in}, which writes {@code product}, and {@code expression} of {@code loads}, which
     * can so take each piece of the product while it is in cache; asked for what {@link #fusesEpilogue} said yes to. Of
     * the loads at least one is the product, under any shape of its size; it is also one of {@code out} where nobody
     * else needs it.
     */
    default Kernel withEpilogue(
            Op op, List<View> in, View product, Expression expression, List<View> loads, List<View> out) {
        throw new UnsupportedOperationException(name() + " has no epilogue for " + op);
    }

    Kernel reduce(Op.Reduce op, View x, View out);

    Kernel argReduce(Op.ArgReduce op, View x, View out);

    Kernel cumulative(Op.Cumulative op, View x, View out);

    Kernel sort(Op.Sort op, View x, View values, View indices);

    Kernel transpose(Op.Transpose op, View x, View out);

    Kernel slice(Op.Slice op, View x, View out);

    Kernel flip(Op.Flip op, View x, View out);

    Kernel pad(Op.Pad op, View x, View out);

    Kernel concatenate(Op.Concatenate op, List<View> in, View out);

    Kernel gather(Op.Gather op, View x, View indices, View out);

    /** Updates rows; {@code out} may be the same view as {@code x}. */
    Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out);

    Kernel dot(Op.Dot op, View a, View b, View out);

    Kernel conv(Op.Conv op, View x, View kernel, View out);

    Kernel convInputGradient(Op.ConvInputGradient op, View dy, View kernel, View out);

    Kernel convKernelGradient(Op.ConvKernelGradient op, View x, View dy, View out);

    Kernel pool(Op.Pool op, View x, View out);

    /** {@code in} is (x, dy) for MAX and (dy) for SUM. */
    Kernel poolGradient(Op.PoolGradient op, List<View> in, View out);

    Kernel random(Op.Random op, View seed, View out);

    Kernel iota(Op.Iota op, View out);

    /** Prepares one of the linear algebra operations: Cholesky, TriangularSolve, Qr, Lu, Eigh, Svd. */
    Kernel linearAlgebra(Op op, List<View> in, List<View> out);

    /** Says whether {@link #fused} has a kernel for values of this kind; the planner decomposes what it has not. */
    boolean supports(Fusion fusion, List<Spec> in);

    /** Prepares a fused operation that {@link #supports} said yes to; empty if it cannot after all. */
    Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out);

    /**
     * Returns how many numbers of float32 a {@link Fusion.Recurrence} on such inputs wants to keep for its gradient; 0
     * where there is none.
     */
    default int reserve(Fusion.Cell cell, List<Spec> in) {
        return 0;
    }

    /**
     * Records kernels that have each run before, in their order, so that one call runs them all; nothing is computed by
     * recording. Empty if the device cannot, or gains nothing by it.
     */
    default Optional<Recording> record(List<Kernel> kernels) {
        return Optional.empty();
    }

    @Override
    void close();
}

package org.keras4j.op;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * Every operation that a graph can hold. To add one, add a record here and follow the compiler: shape rule, gradient,
 * reference kernel.
 *
 * <p>All values are row-major and contiguous. Elementwise operations take inputs of one shape; {@link Broadcast} makes
 * it so. Reductions keep the axes they reduce as size 1.
 */
public sealed interface Op {
    // ---- leaves -----------------------------------------------------------------------------------------------------

    /** A value given at each run. Inputs of equal name and spec are still different values. */
    record Input(String name, Spec spec) implements Op {}

    /** A value known when the graph is made. Compared by identity. */
    record Constant(NDArray value) implements Op {
        @Override
        public boolean equals(Object other) {
            return other instanceof Constant c && c.value == value;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }

    /** A tensor filled with one number; {@code value} is rounded to the dtype, integers beyond 2^53 are not exact. */
    record Full(double value, Spec spec) implements Op {}

    /** The value that a state has when the run starts. */
    record Read(State state) implements Op {}

    // ---- elementwise ------------------------------------------------------------------------------------------------

    record Elementwise1(Unary function) implements Op {}

    record Elementwise2(Binary function) implements Op {}

    /** {@code condition ? a : b}; inputs are condition (bool), a, b. */
    record Select() implements Op {}

    /** Converts; float to integer truncates towards zero, anything to bool is {@code != 0}. */
    record Cast(DType to) implements Op {}

    /** Passes its input on; no gradient flows through. */
    record StopGradient() implements Op {}

    // ---- shape ------------------------------------------------------------------------------------------------------

    /** Repeats axes of size 1 up to the size in {@code to}, which has the input's rank. */
    record Broadcast(Shape to) implements Op {}

    record Reshape(Shape to) implements Op {}

    /** Axis i of the result is axis {@code permutation[i]} of the input. */
    record Transpose(Ints permutation) implements Op {}

    /** Takes {@code sizes[i]} elements of each axis from {@code starts[i]} on in steps of {@code strides[i] >= 1}. */
    record Slice(Ints starts, Ints sizes, Ints strides) implements Op {}

    /** Reverses the order along the axes. */
    record Flip(Ints axes) implements Op {}

    /**
     * Puts {@code low[i]} zeros before, {@code high[i]} after and {@code interior[i]} between the elements of each
     * axis. All are 0 or more. (Other values than zero are made with a select or a sum.)
     */
    record Pad(Ints low, Ints high, Ints interior) implements Op {}

    record Concatenate(int axis) implements Op {}

    // ---- reductions -------------------------------------------------------------------------------------------------

    enum Reduction {
        /** Float sums are accurate to a few ulp whatever the length. */
        SUM,
        PROD,
        MAX,
        MIN
    }

    /** Reduces the axes to size 1. MAX and MIN of floats are NaN if any is; of bool they are any and all. */
    record Reduce(Reduction function, Ints axes) implements Op {}

    /** The int32 index along {@code axis} of the first greatest (or least) element; the axis stays as size 1. */
    record ArgReduce(boolean max, int axis) implements Op {}

    /** Running SUM, PROD, MAX or MIN along an axis, from the end if {@code reverse}; exclusive starts with 0 or 1. */
    record Cumulative(Reduction function, int axis, boolean exclusive, boolean reverse) implements Op {}

    /** Sorts along an axis, stable; NaN last. Results: values, int32 indices. */
    record Sort(int axis, boolean descending) implements Op {}

    // ---- indexing ---------------------------------------------------------------------------------------------------

    /**
     * Takes slices along {@code axis} by index: {@code x[outer, n, inner], index[any] -> [outer, index shape, inner]}.
     * Indices are int32; one outside 0 to n - 1 is an error that the backend reports as soon as it can.
     */
    record Gather(int axis) implements Op {}

    enum Update {
        SET,
        ADD,
        MUL,
        MAX,
        MIN
    }

    /**
     * Updates rows: {@code x[n, row], index int32[m], updates[m, row] -> [n, row]}; where an index comes twice, updates
     * apply in order (SET: the last wins). An index outside 0 to n - 1 is skipped.
     */
    record Scatter(Update update) implements Op {}

    // ---- contractions -----------------------------------------------------------------------------------------------

    /**
     * Matrix product of {@code [m, k] x [k, n]}, or of batches {@code [b, m, k] x [b, k, n]}. A flag says that the last
     * two axes of that input are stored the other way round.
     */
    record Dot(boolean transposeA, boolean transposeB) implements Op {}

    /** Correlates {@code x[batch, space..., in] with kernel[space..., in / groups, out]}. */
    record Conv(Window window) implements Op {}

    /** The gradient of {@link Conv} for x: inputs dy, kernel; result of shape {@code x}. */
    record ConvInputGradient(Window window, Shape x) implements Op {}

    /** The gradient of {@link Conv} for the kernel: inputs x, dy; result of shape {@code kernel}. */
    record ConvKernelGradient(Window window, Shape kernel) implements Op {}

    /** MAX or SUM over windows of {@code size} of {@code x[batch, space..., channels]}; padding does not take part. */
    record Pool(Reduction function, Ints size, Window window) implements Op {}

    /**
     * The gradient of {@link Pool} for x. MAX: inputs x, dy (the first greatest element of a window gets it all). SUM:
     * input dy. Result of shape {@code x}.
     */
    record PoolGradient(Reduction function, Ints size, Window window, Shape x) implements Op {}

    // ---- made from nothing ------------------------------------------------------------------------------------------

    enum Distribution {
        /** At least 0 and below 1. */
        UNIFORM,
        /** Mean 0, variance 1. */
        NORMAL
    }

    /**
     * Random numbers; the input is a seed of shape (2,) and int32. Philox-4x32-10 (Salmon et al. 2011) with the seed as
     * key and {@code (i / 4, 0, 0, 0)} as counter gives four 32-bit words w for elements i to i + 3. UNIFORM:
     * {@code (w >>> 8) * 2^-24}. NORMAL: Box-Muller on word pairs, {@code u = ((w0 >>> 8) + 1) * 2^-24},
     * {@code v = (w1 >>> 8) * 2^-24}, giving {@code sqrt(-2 ln u) * (cos 2 pi v, sin 2 pi v)}.
     */
    record Random(Distribution distribution, Spec spec) implements Op {}

    /** 0, 1, 2, ... along {@code axis}. */
    record Iota(int axis, Spec spec) implements Op {}

    // ---- linear algebra ---------------------------------------------------------------------------------------------

    /** Lower triangular L with {@code L L^T = a}, for {@code a[..., n, n]}; NaN where a is not positive definite. */
    record Cholesky() implements Op {}

    /** Solves {@code a x = b} (or {@code a^T x = b}) with triangular {@code a[..., n, n], b[..., n, m]}. */
    record TriangularSolve(boolean lower, boolean transpose, boolean unitDiagonal) implements Op {}

    /** {@code a[..., m, n] -> q[..., m, k], r[..., k, n]}, k = min(m, n) (or m if {@code complete}). */
    record Qr(boolean complete) implements Op {}

    /** LU with partial pivoting of {@code a[..., n, n]}: packed LU, int32 row order p with {@code a[p] = L U}. */
    record Lu() implements Op {}

    /** Eigenvalues (ascending) and eigenvectors (columns) of symmetric {@code a[..., n, n]}. */
    record Eigh() implements Op {}

    /** {@code a[..., m, n] -> u[..., m, k], s[..., k], v^T[..., k, n]}, k = min(m, n), s descending. */
    record Svd() implements Op {}

    // ---- structure --------------------------------------------------------------------------------------------------

    /** One result of an operation that has several. */
    record Item(int index) implements Op {}

    /**
     * A loop over time. Inputs: {@code carried} initial values, then {@code sequences} tensors whose axis 0 has size
     * {@code steps}, then constants. The body takes (carried..., one step of each sequence..., constants...) and gives
     * (next carried..., step outputs...). Results: final carried values, then the step outputs stacked on axis 0. If
     * {@code reverse}, the loop runs from the last step to the first and outputs keep their step's place.
     */
    record Scan(Body body, int steps, boolean reverse, int carried, int sequences) implements Op {}

    /**
     * Runs one of its bodies. Inputs: an int32 scalar that says which (one outside their range takes the nearest), then
     * what each body takes. All give results of the same dtypes and shapes.
     */
    record Switch(List<Body> branches) implements Op {
        public Switch {
            branches = List.copyOf(branches);
        }
    }

    /**
     * Repeats a step while a condition holds. Inputs: {@code carried} first values, then constants; both bodies take
     * them all. The condition gives one bool, the step the next carried values. Results: the last carried values.
     */
    record While(Body condition, Body step, int carried) implements Op {}

    /**
     * Passes its first input on, and has a gradient of its own. The other inputs are {@code arguments} tensors that the
     * gradient is for, then constants. The body takes the gradient of the result and the constants, and gives one for
     * each argument. Plans have nothing of it but the first input.
     */
    record CustomGradient(Body gradient, int arguments) implements Op {}

    /** An operation that is made of others, and that a backend may have a faster way for. */
    record Fused(Fusion fusion) implements Op {}
}

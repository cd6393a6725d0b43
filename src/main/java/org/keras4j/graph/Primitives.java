package org.keras4j.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/**
 * Makes tensors from primitive operations, without Keras's broadcasting and dtype promotion (that is {@code K}'s part).
 * What changes nothing is left out: a reshape to the same shape returns its input.
 */
public final class Primitives {
    private Primitives() {}

    // ---- made from nothing ------------------------------------------------------------------------------------------

    public static Tensor input(String name, DType dtype, Shape shape) {
        return Tensor.of(new Op.Input(name, new Spec(dtype, shape)));
    }

    public static Tensor full(double value, DType dtype, Shape shape) {
        return Tensor.of(new Op.Full(dtype.round(value), new Spec(dtype, shape)));
    }

    public static Tensor zeros(Spec spec) {
        return full(0, spec.dtype(), spec.shape());
    }

    public static Tensor constant(NDArray value) {
        return Tensor.of(value);
    }

    public static Tensor iota(int axis, DType dtype, Shape shape) {
        return Tensor.of(new Op.Iota(shape.axis(axis), new Spec(dtype, shape)));
    }

    public static Tensor random(Op.Distribution distribution, Tensor seed, DType dtype, Shape shape) {
        return Tensor.of(new Op.Random(distribution, new Spec(dtype, shape)), seed);
    }

    // ---- elementwise ------------------------------------------------------------------------------------------------

    public static Tensor unary(Unary function, Tensor x) {
        return Tensor.of(new Op.Elementwise1(function), x);
    }

    /** Both inputs have one dtype and shape. */
    public static Tensor binary(Binary function, Tensor a, Tensor b) {
        if (!function.isTest() && a.spec().equals(b.spec())) {
            switch (function) {
                case ADD -> {
                    if (isFull(a, 0)) return b;
                    if (isFull(b, 0)) return a;
                }
                case SUB -> {
                    if (isFull(b, 0)) return a;
                }
                case MUL -> {
                    if (isFull(a, 1)) return b;
                    if (isFull(b, 1)) return a;
                }
                case DIV -> {
                    if (isFull(b, 1) && a.dtype().isFloating()) return a;
                }
                default -> {}
            }
        }
        return Tensor.of(new Op.Elementwise2(function), a, b);
    }

    public static Tensor add(Tensor a, Tensor b) {
        return binary(Binary.ADD, a, b);
    }

    public static Tensor sub(Tensor a, Tensor b) {
        return binary(Binary.SUB, a, b);
    }

    public static Tensor mul(Tensor a, Tensor b) {
        return binary(Binary.MUL, a, b);
    }

    public static Tensor div(Tensor a, Tensor b) {
        return binary(Binary.DIV, a, b);
    }

    public static Tensor neg(Tensor a) {
        return unary(Unary.NEG, a);
    }

    /** Multiplies by a number. */
    public static Tensor scale(Tensor a, double factor) {
        return mul(a, full(factor, a.dtype(), a.shape()));
    }

    /** Adds a number. */
    public static Tensor shift(Tensor a, double summand) {
        return add(a, full(summand, a.dtype(), a.shape()));
    }

    public static Tensor select(Tensor condition, Tensor a, Tensor b) {
        return a == b ? a : Tensor.of(new Op.Select(), condition, a, b);
    }

    public static Tensor cast(Tensor x, DType to) {
        if (x.dtype() == to) return x;
        if (x.op() instanceof Op.Full(double value, var _) && (to.isFloating() || value == Math.rint(value)))
            return full(value, to, x.shape());
        return Tensor.of(new Op.Cast(to), x);
    }

    public static Tensor stopGradient(Tensor x) {
        return Tensor.of(new Op.StopGradient(), x);
    }

    // ---- shape ------------------------------------------------------------------------------------------------------

    /** Repeats axes of size 1; {@code to} has the input's rank. */
    public static Tensor broadcast(Tensor x, Shape to) {
        if (x.shape().equals(to)) return x;
        if (x.op() instanceof Op.Full(double value, var _)) return full(value, x.dtype(), to);
        return Tensor.of(new Op.Broadcast(to), x);
    }

    public static Tensor reshape(Tensor x, Shape to) {
        if (x.shape().equals(to)) return x;
        if (x.op() instanceof Op.Full(double value, var _)) return full(value, x.dtype(), to);
        if (x.op() instanceof Op.Reshape) return reshape(x.input(0), to);
        return Tensor.of(new Op.Reshape(to), x);
    }

    public static Tensor transpose(Tensor x, int... permutation) {
        var p = Ints.of(permutation);
        if (p.equals(Ints.range(x.rank()))) return x;
        if (x.op() instanceof Op.Transpose(Ints inner)) {
            var both = new int[permutation.length];
            for (int i = 0; i < both.length; i++) both[i] = inner.get(permutation[i]);
            return transpose(x.input(0), both);
        }
        return Tensor.of(new Op.Transpose(p), x);
    }

    /** Takes {@code sizes[i]} elements of each axis from {@code starts[i]} on. */
    public static Tensor slice(Tensor x, int[] starts, int[] sizes) {
        return slice(x, starts, sizes, Ints.repeat(1, starts.length).toArray());
    }

    public static Tensor slice(Tensor x, int[] starts, int[] sizes, int[] strides) {
        if (Ints.of(starts).all(0) && Arrays.equals(sizes, x.shape().dims())) return x;
        return Tensor.of(new Op.Slice(Ints.of(starts), Ints.of(sizes), Ints.of(strides)), x);
    }

    /** Takes {@code size} elements of one axis from {@code start} on. */
    public static Tensor slice(Tensor x, int axis, int start, int size) {
        int[] starts = new int[x.rank()];
        int[] sizes = x.shape().dims();
        starts[x.shape().axis(axis)] = start;
        sizes[x.shape().axis(axis)] = size;
        return slice(x, starts, sizes);
    }

    public static Tensor flip(Tensor x, int... axes) {
        if (axes.length == 0) return x;
        var flipped = Ints.of(axes);
        if (x.op() instanceof Op.Flip(Ints inner) && inner.equals(flipped)) return x.input(0);
        return Tensor.of(new Op.Flip(flipped), x);
    }

    /** Pads with zeros. */
    public static Tensor pad(Tensor x, int[] low, int[] high) {
        return pad(x, low, high, new int[low.length]);
    }

    public static Tensor pad(Tensor x, int[] low, int[] high, int[] interior) {
        if (Ints.of(low).all(0) && Ints.of(high).all(0) && Ints.of(interior).all(0)) return x;
        return Tensor.of(new Op.Pad(Ints.of(low), Ints.of(high), Ints.of(interior)), x);
    }

    public static Tensor concatenate(List<Tensor> parts, int axis) {
        if (parts.size() == 1) return parts.getFirst();
        return Tensor.of(new Op.Concatenate(parts.getFirst().shape().axis(axis)), parts);
    }

    // ---- reductions and indexing ------------------------------------------------------------------------------------

    /** Reduces the axes to size 1. */
    public static Tensor reduce(Op.Reduction function, Tensor x, int... axes) {
        return axes.length == 0 ? x : Tensor.of(new Op.Reduce(function, Ints.of(axes)), x);
    }

    public static Tensor sum(Tensor x, int... axes) {
        return reduce(Op.Reduction.SUM, x, axes);
    }

    /** Adds up what {@link #broadcast} to {@code x}'s shape repeated, giving {@code to}. */
    public static Tensor unbroadcast(Tensor x, Shape to) {
        int[] axes = IntStream.range(0, to.rank())
                .filter(i -> to.dim(i) == 1 && x.shape().dim(i) != 1)
                .toArray();
        return sum(x, axes);
    }

    public static Tensor gather(Tensor x, Tensor indices, int axis) {
        return Tensor.of(new Op.Gather(x.shape().axis(axis)), x, indices);
    }

    public static Tensor scatter(Op.Update update, Tensor x, Tensor indices, Tensor updates) {
        return Tensor.of(new Op.Scatter(update), x, indices, updates);
    }

    public static Tensor item(Tensor tuple, int index) {
        return Tensor.of(new Op.Item(index), tuple);
    }

    // ---- contractions -----------------------------------------------------------------------------------------------

    public static Tensor dot(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
        return Tensor.of(new Op.Dot(transposeA, transposeB), a, b);
    }

    public static Tensor conv(Tensor x, Tensor kernel, Window window) {
        return Tensor.of(new Op.Conv(window), x, kernel);
    }

    public static Tensor fused(Fusion fusion, Tensor... inputs) {
        return Tensor.of(new Op.Fused(fusion), inputs);
    }

    static boolean isFull(Tensor x, double value) {
        return x.op() instanceof Op.Full(double v, var _) && v == value;
    }
}

package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Tensors made from numbers. */
final class Creation {
    private Creation() {}

    /** Rounds {@code values} to {@code dtype}. */
    static Tensor array(double[] values, DType dtype, Shape shape) {
        NDArray array = NDArray.zeros(dtype, shape);
        for (int i = 0; i < values.length; i++) array.set(i, values[i]);
        return Tensor.of(array);
    }

    static Tensor vector(double[] values, DType dtype) {
        return array(values, dtype, Shape.of(values.length));
    }

    static Tensor arange(double start, double stop, double step, DType dtype) {
        if (step == 0) throw new IllegalArgumentException("arange: step must not be 0");
        int n = (int) Math.max(0, Math.ceil((stop - start) / step));
        if (start == 0 && step == 1) return Primitives.iota(0, dtype, Shape.of(n));
        var values = new double[n];
        for (int i = 0; i < n; i++) values[i] = start + i * step;
        return vector(values, dtype);
    }

    static Tensor eye(int rows, int columns, int k, DType dtype) {
        return Primitives.cast(Indexing.diagonalTest(Binary.EQUAL, Shape.of(rows, columns), k), dtype);
    }

    static Tensor tri(int rows, int columns, int k, DType dtype) {
        return Primitives.cast(Indexing.diagonalTest(Binary.LESS_EQUAL, Shape.of(rows, columns), k), dtype);
    }

    /** {@code num} steps from {@code start} to {@code stop}, on a new axis. */
    static Tensor linspace(Tensor start, Tensor stop, int num, boolean endpoint, DType dtype, int axis) {
        if (num < 0) throw new IllegalArgumentException("linspace: num must be 0 or more, got " + num);
        DType wide = DTypes.result(DTypes.floating(dtype), DTypes.floating(DTypes.result(start.dtype(), stop.dtype())));
        Shape shape = Arithmetic.broadcast(start.shape(), stop.shape());
        Tensor a = Arithmetic.broadcastTo(Primitives.cast(start, wide), shape);
        Tensor b = Arithmetic.broadcastTo(Primitives.cast(stop, wide), shape);
        int at = axis < 0 ? axis + shape.rank() + 1 : axis;
        Shape one = shape.insert(at, 1);
        Shape all = shape.insert(at, num);
        int steps = endpoint ? num - 1 : num;
        if (dtype.isInteger()) return wholeSteps(a, b, at, Math.max(1, steps), all, dtype);
        var low = new double[num];
        var high = new double[num];
        for (int i = 0; i < num; i++) {
            high[i] = steps <= 0 ? 0 : (double) i / steps;
            low[i] = 1 - high[i];
        }
        var dims = new int[all.rank()];
        Arrays.fill(dims, 1);
        dims[at] = num;
        Tensor weightA = Primitives.broadcast(array(low, wide, Shape.of(dims)), all);
        Tensor weightB = Primitives.broadcast(array(high, wide, Shape.of(dims)), all);
        Tensor sum = Primitives.add(
                Primitives.mul(weightA, Primitives.broadcast(Primitives.reshape(a, one), all)),
                Primitives.mul(weightB, Primitives.broadcast(Primitives.reshape(b, one), all)));
        return Primitives.cast(sum, dtype);
    }

    /** Multiplies before it divides, so that whole numbers stay exact and rounding down does not fall one short. */
    private static Tensor wholeSteps(Tensor start, Tensor stop, int axis, int steps, Shape shape, DType dtype) {
        Shape one = shape.with(axis, 1);
        Tensor first = Primitives.broadcast(Primitives.reshape(start, one), shape);
        Tensor range = Primitives.broadcast(Primitives.reshape(Primitives.sub(stop, start), one), shape);
        Tensor moved = Primitives.mul(range, Primitives.iota(axis, start.dtype(), shape));
        Tensor sum = Primitives.add(first, Primitives.div(moved, Arithmetic.fullLike(moved, steps)));
        return Primitives.cast(Primitives.unary(Unary.FLOOR, sum), dtype);
    }

    /** Nested lists or arrays of numbers and booleans; numbers without a fraction part are ints. */
    static Tensor tensor(Object value, @Nullable DType dtype) {
        Tensor t = switch (value) {
            case Tensor x -> x;
            case Variable v -> v.value();
            case NDArray a -> Tensor.of(a);
            default -> Tensor.of(NDArray.of(value));
        };
        return dtype == null ? t : Primitives.cast(t, dtype);
    }

    /** {@code base} to the power of evenly spaced exponents. */
    static Tensor logspace(Tensor[] ends, int num, boolean endpoint, double base, @Nullable DType dtype, int axis) {
        DType wide = DTypes.floating(DTypes.result(ends[0].dtype(), ends[1].dtype()));
        Tensor exponents = linspace(ends[0], ends[1], num, endpoint, wide, axis);
        Tensor y = Primitives.binary(Binary.POW, Arithmetic.fullLike(exponents, base), exponents);
        return Primitives.cast(y, dtype == null ? wide : dtype);
    }

    /** Numbers with evenly spaced logarithms. Both ends have one sign; zero is refused where it is known. */
    static Tensor geomspace(Tensor[] ends, int num, boolean endpoint, @Nullable DType dtype, int axis) {
        DType wide = DTypes.floating(DTypes.result(ends[0].dtype(), ends[1].dtype()));
        Tensor start = Primitives.cast(ends[0], wide);
        Tensor stop = Primitives.cast(ends[1], wide);
        Tensor sign = Primitives.unary(Unary.SIGN, start);
        Tensor low = Primitives.unary(Unary.LOG, Primitives.unary(Unary.ABS, start));
        Tensor high = Primitives.unary(Unary.LOG, Primitives.unary(Unary.ABS, stop));
        Tensor y = Primitives.unary(Unary.EXP, linspace(low, high, num, endpoint, wide, axis));
        int at = axis < 0 ? axis + y.rank() : axis;
        Tensor signs = sign.rank() == 0 ? sign : Manipulation.expandDims(sign, at);
        return Primitives.cast(Arithmetic.binary(Binary.MUL, y, signs), dtype == null ? wide : dtype);
    }

    /** Vectors spread over a grid: "xy" exchanges the first two axes, "ij" does not. */
    static List<Tensor> meshgrid(List<Tensor> vectors, String indexing) {
        if (!indexing.equals("xy") && !indexing.equals("ij"))
            throw new IllegalArgumentException("meshgrid: indexing must be \"xy\" or \"ij\", got \"" + indexing + "\"");
        int n = vectors.size();
        var dims = new int[n];
        for (int i = 0; i < n; i++)
            dims[place(i, n, indexing)] = vectors.get(i).shape().size();
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            var one = new int[n];
            Arrays.fill(one, 1);
            one[place(i, n, indexing)] = vectors.get(i).shape().size();
            out.add(Primitives.broadcast(Primitives.reshape(vectors.get(i), Shape.of(one)), Shape.of(dims)));
        }
        return out;
    }

    private static int place(int i, int n, String indexing) {
        return n >= 2 && i < 2 && indexing.equals("xy") ? 1 - i : i;
    }
}

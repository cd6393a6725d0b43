package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/** Products, differences and correlations of vectors. */
final class Products {
    private Products() {}

    static Tensor inner(Tensor a, Tensor b) {
        if (a.rank() == 0 || b.rank() == 0) return Arithmetic.binary(Binary.MUL, a, b);
        return Contractions.tensordot(a, b, new int[] {a.rank() - 1}, new int[] {b.rank() - 1});
    }

    static Tensor outer(Tensor a, Tensor b) {
        return Arithmetic.binary(Binary.MUL, Manipulation.reshape(a, -1, 1), Manipulation.reshape(b, 1, -1));
    }

    static Tensor vdot(Tensor a, Tensor b) {
        return Contractions.dot(Manipulation.reshape(a, -1), Manipulation.reshape(b, -1));
    }

    static Tensor kron(Tensor a, Tensor b) {
        int rank = Math.max(a.rank(), b.rank());
        var left = new int[2 * rank];
        var right = new int[2 * rank];
        var out = new int[rank];
        for (int i = 0; i < rank; i++) {
            int p = i + a.rank() - rank;
            int q = i + b.rank() - rank;
            left[2 * i] = p < 0 ? 1 : a.shape().dim(p);
            left[2 * i + 1] = 1;
            right[2 * i] = 1;
            right[2 * i + 1] = q < 0 ? 1 : b.shape().dim(q);
            out[i] = left[2 * i] * right[2 * i + 1];
        }
        Tensor y = Arithmetic.binary(
                Binary.MUL, Primitives.reshape(a, Shape.of(left)), Primitives.reshape(b, Shape.of(right)));
        return Primitives.reshape(y, Shape.of(out));
    }

    /** Vectors of 2 or 3 components; two components each give only the third of the product. */
    static Tensor cross(Tensor a, Tensor b, int axisA, int axisB, int axisC) {
        List<Tensor> x = Manipulation.unstack(a, axisA);
        List<Tensor> y = Manipulation.unstack(b, axisB);
        if (x.size() < 2 || x.size() > 3 || y.size() < 2 || y.size() > 3)
            throw new IllegalArgumentException(
                    "cross: expected vectors of 2 or 3 components, got " + a.shape() + " and " + b.shape());
        Tensor third = minor(x, y, 0, 1);
        if (x.size() == 2 && y.size() == 2) return third;
        List<Tensor> parts = List.of(minor(x, y, 1, 2), minor(x, y, 2, 0), third);
        return Manipulation.stack(parts, axisC);
    }

    /** {@code x[i] y[j] - x[j] y[i]}, where a third component that is not there is 0. */
    private static Tensor minor(List<Tensor> x, List<Tensor> y, int i, int j) {
        return Arithmetic.binary(
                Binary.SUB,
                Arithmetic.binary(Binary.MUL, component(x, i), component(y, j)),
                Arithmetic.binary(Binary.MUL, component(x, j), component(y, i)));
    }

    private static Tensor component(List<Tensor> x, int i) {
        return i < x.size() ? x.get(i) : Arithmetic.fullLike(x.getFirst(), 0);
    }

    /** The n-th difference of neighbours along an axis. */
    static Tensor diff(Tensor x, int n, int axis) {
        Tensor y = x;
        for (int i = 0; i < n; i++) {
            int size = Math.max(0, y.shape().dim(axis) - 1);
            Tensor from = Primitives.slice(y, axis, 0, size);
            Tensor to = Primitives.slice(y, axis, Math.min(1, y.shape().dim(axis)), size);
            y = x.dtype() == DType.BOOL ? Primitives.binary(Binary.NOT_EQUAL, to, from) : Primitives.sub(to, from);
        }
        return y;
    }

    static Tensor trapezoid(Tensor y, @Nullable Tensor x, double dx, int axis) {
        Tensor f = Arithmetic.toFloat(y);
        int n = f.shape().dim(axis);
        Tensor low = Primitives.slice(f, axis, 0, n - 1);
        Tensor middle = Primitives.scale(Primitives.add(low, Primitives.slice(f, axis, 1, n - 1)), 0.5);
        Tensor area;
        if (x == null) area = Primitives.scale(middle, dx);
        else {
            Tensor step = Primitives.cast(diff(x, 1, x.rank() == 1 ? 0 : axis), f.dtype());
            if (x.rank() == 1) {
                var dims = new int[f.rank()];
                Arrays.fill(dims, 1);
                dims[f.shape().axis(axis)] = n - 1;
                step = Primitives.reshape(step, Shape.of(dims));
            }
            area = Arithmetic.binary(Binary.MUL, middle, step);
        }
        return Reductions.sum(area, new int[] {axis}, false);
    }

    /** Powers of a vector as columns: falling unless {@code increasing}. */
    static Tensor vander(Tensor x, @Nullable Integer columns, boolean increasing) {
        if (x.rank() != 1) throw new IllegalArgumentException("vander: expected a vector, got " + x.shape());
        int n = columns == null ? x.shape().dim(0) : columns;
        Tensor base = Arithmetic.boolToInt(x);
        List<Tensor> powers = new ArrayList<>();
        Tensor power = Arithmetic.fullLike(base, 1);
        for (int i = 0; i < n; i++) {
            powers.add(power);
            if (i < n - 1) power = Primitives.mul(power, base);
        }
        if (n == 0) return Primitives.full(0, base.dtype(), Shape.of(x.shape().dim(0), 0));
        return Manipulation.stack(increasing ? powers : powers.reversed(), 1);
    }

    /** NumPy's correlate of vectors: modes full, same, valid. */
    static Tensor correlate(Tensor a, Tensor b, String mode) {
        if (a.rank() != 1 || b.rank() != 1)
            throw new IllegalArgumentException("correlate: expected vectors, got " + a.shape() + " and " + b.shape());
        int n = a.shape().dim(0);
        int m = b.shape().dim(0);
        if (m > n) return Primitives.flip(correlate(b, a, mode), 0);
        DType dtype = DTypes.wideFloating(DTypes.result(a.dtype(), b.dtype()));
        int low = switch (mode) {
            case "valid" -> 0;
            case "same" -> m / 2;
            case "full" -> m - 1;
            default ->
                throw new IllegalArgumentException(
                        "correlate: mode must be \"full\", \"same\" or \"valid\", got \"" + mode + "\"");
        };
        int high = mode.equals("same") ? m - m / 2 - 1 : low;
        var w = new Window(Ints.of(1), Ints.of(1), Ints.of(low), Ints.of(high), 1);
        Tensor signal = Primitives.reshape(Primitives.cast(a, dtype), Shape.of(1, n, 1));
        Tensor kernel = Primitives.reshape(Primitives.cast(b, dtype), Shape.of(m, 1, 1));
        return Manipulation.reshape(Primitives.conv(signal, kernel, w), -1);
    }

    /** Correlation coefficients of the rows. */
    static Tensor corrcoef(Tensor x) {
        Tensor f = Primitives.cast(x, DTypes.wideFloating(x.dtype()));
        Tensor rows = f.rank() < 2 ? Manipulation.reshape(f, 1, -1) : f;
        Tensor centred = Arithmetic.binary(Binary.SUB, rows, Reductions.mean(rows, new int[] {-1}, true));
        Tensor products = Contractions.matmul(centred, LinearAlgebra.turned(centred));
        Tensor size = Primitives.unary(Unary.SQRT, LinearAlgebra.diagonal(products, 0, -2, -1));
        Tensor byRow = Arithmetic.binary(Binary.DIV, products, Manipulation.expandDims(size, -1));
        Tensor y = Elementwise.clip(Arithmetic.binary(Binary.DIV, byRow, Manipulation.expandDims(size, -2)), -1, 1);
        return f.rank() < 2 ? Manipulation.squeeze(y) : y;
    }

    /** Distances between the rows of x and of y. */
    static Tensor cdist(Tensor x, Tensor y) {
        if (x.rank() < 2 || y.rank() < 2 || x.shape().last() != y.shape().last())
            throw new IllegalArgumentException(
                    "cdist: expected matrices with rows of one length, got " + x.shape() + " and " + y.shape());
        DType dtype = DTypes.floating(DTypes.result(x.dtype(), y.dtype()));
        Tensor a = Primitives.cast(x, dtype);
        Tensor b = Primitives.cast(y, dtype);
        Tensor difference =
                Arithmetic.binary(Binary.SUB, Manipulation.expandDims(a, -2), Manipulation.expandDims(b, -3));
        return Normalizations.vectorNorm(difference, 2, new int[] {-1}, false);
    }
}

package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Matrix products of every kind, all made of {@link Op.Dot}. */
final class Contractions {
    private Contractions() {}

    /** NumPy's matmul: the last two axes are matrices, the others broadcast; a vector counts as a row or column. */
    static Tensor matmul(Tensor x1, Tensor x2) {
        return matmul(x1, x2, DTypes.ofProducts(x1.dtype(), x2.dtype()));
    }

    private static Tensor matmul(Tensor x1, Tensor x2, DType dtype) {
        if (x1.rank() == 0 || x2.rank() == 0)
            throw new IllegalArgumentException(
                    "matmul: expected at least one axis each, got " + x1.shape() + " and " + x2.shape());
        Tensor a = Primitives.cast(x1.rank() == 1 ? Manipulation.expandDims(x1, 0) : x1, dtype);
        Tensor b = Primitives.cast(x2.rank() == 1 ? Manipulation.expandDims(x2, 1) : x2, dtype);
        if (a.shape().last() != b.shape().dim(-2))
            throw new IllegalArgumentException("matmul: the last axis of " + x1.shape() + " must be as long as the "
                    + (x2.rank() == 1 ? "axis" : "last but one") + " of " + x2.shape());
        Tensor y = product(a, b);
        Shape shape = y.shape();
        if (x2.rank() == 1) shape = shape.without(-1);
        if (x1.rank() == 1) shape = shape.without(x2.rank() == 1 ? -1 : -2);
        return Primitives.reshape(y, shape);
    }

    private static Tensor product(Tensor a, Tensor b) {
        int m = a.shape().dim(-2);
        int k = a.shape().last();
        int n = b.shape().last();
        if (b.rank() == 2) {
            Shape outer = a.shape().slice(0, a.rank() - 1);
            Tensor rows = Primitives.reshape(a, Shape.of(outer.size(), k));
            return Primitives.reshape(Primitives.dot(rows, false, b, false), outer.concat(Shape.of(n)));
        }
        Shape batch =
                Arithmetic.broadcast(a.shape().slice(0, a.rank() - 2), b.shape().slice(0, b.rank() - 2));
        int size = batch.size();
        Tensor wideA = Arithmetic.broadcastTo(a, batch.concat(Shape.of(m, k)));
        Tensor wideB = Arithmetic.broadcastTo(b, batch.concat(Shape.of(k, n)));
        Tensor y = Primitives.dot(
                Primitives.reshape(wideA, Shape.of(size, m, k)), false,
                Primitives.reshape(wideB, Shape.of(size, k, n)), false);
        return Primitives.reshape(y, batch.concat(Shape.of(m, n)));
    }

    /** NumPy's dot: the last axis of a with the last but one of b, all others side by side. */
    static Tensor dot(Tensor a, Tensor b) {
        if (a.rank() == 0 || b.rank() == 0) return Arithmetic.binary(Binary.MUL, a, b);
        return tensordot(a, b, new int[] {a.rank() - 1}, new int[] {Math.max(0, b.rank() - 2)});
    }

    /** Sums over pairs of axes; what remains of a comes first, then what remains of b. */
    static Tensor tensordot(Tensor x1, Tensor x2, int[] axes1, int[] axes2) {
        DType dtype = DTypes.result(x1.dtype(), x2.dtype());
        if (axes1.length != axes2.length)
            throw new IllegalArgumentException("tensordot: " + Arrays.toString(axes1) + " and " + Arrays.toString(axes2)
                    + " have different lengths");
        var left = new ArrayList<Integer>();
        var right = new ArrayList<Integer>();
        for (int i = 0; i < axes1.length; i++) {
            left.add(x1.shape().axis(axes1[i]));
            right.add(x2.shape().axis(axes2[i]));
            if (x1.shape().dim(axes1[i]) != x2.shape().dim(axes2[i]))
                throw new IllegalArgumentException("tensordot: axis " + axes1[i] + " of " + x1.shape() + " and axis "
                        + axes2[i] + " of " + x2.shape() + " have different sizes");
        }
        int[] free1 = free(x1, left);
        int[] free2 = free(x2, right);
        return contract(
                Primitives.cast(x1, dtype),
                new int[0],
                free1,
                ints(left),
                Primitives.cast(x2, dtype),
                new int[0],
                free2,
                ints(right));
    }

    /**
     * Sums over pairs of axes for each place of the batch axes; the result is [batch..., free of a..., free of b...].
     */
    static Tensor contract(
            Tensor a, int[] batchA, int[] freeA, int[] sumA, Tensor b, int[] batchB, int[] freeB, int[] sumB) {
        boolean turnA = inOrder(join(join(batchA, sumA), freeA)) && freeA.length > 0 && sumA.length > 0;
        boolean turnB = inOrder(join(join(batchB, freeB), sumB)) && freeB.length > 0 && sumB.length > 0;
        Tensor orderedA = Primitives.transpose(a, join(batchA, turnA ? join(sumA, freeA) : join(freeA, sumA)));
        Tensor orderedB = Primitives.transpose(b, join(batchB, turnB ? join(freeB, sumB) : join(sumB, freeB)));
        int m = size(a, freeA);
        int n = size(b, freeB);
        int k = size(a, sumA);
        int batch = size(a, batchA);
        Shape shapeA = turnA ? Shape.of(batch, k, m) : Shape.of(batch, m, k);
        Shape shapeB = turnB ? Shape.of(batch, n, k) : Shape.of(batch, k, n);
        if (batchA.length == 0) {
            shapeA = shapeA.without(0);
            shapeB = shapeB.without(0);
        }
        Tensor y = Primitives.dot(
                Primitives.reshape(orderedA, shapeA), turnA, Primitives.reshape(orderedB, shapeB), turnB);
        Shape shape = sizes(a, batchA).concat(sizes(a, freeA)).concat(sizes(b, freeB));
        return Primitives.reshape(y, shape);
    }

    private static Shape sizes(Tensor x, int[] axes) {
        var dims = new int[axes.length];
        for (int i = 0; i < dims.length; i++) dims[i] = x.shape().dim(axes[i]);
        return Shape.of(dims);
    }

    private static int size(Tensor x, int[] axes) {
        return sizes(x, axes).size();
    }

    private static boolean inOrder(int[] axes) {
        for (int i = 0; i < axes.length; i++) if (axes[i] != i) return false;
        return true;
    }

    /** Sums over the last {@code axes} axes of a and the first of b. */
    static Tensor tensordot(Tensor a, Tensor b, int axes) {
        int[] first = new int[axes];
        int[] second = new int[axes];
        for (int i = 0; i < axes; i++) {
            first[i] = a.rank() - axes + i;
            second[i] = i;
        }
        return tensordot(a, b, first, second);
    }

    private static int[] free(Tensor x, List<Integer> taken) {
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) if (!taken.contains(i)) rest.add(i);
        return ints(rest);
    }

    static int[] ints(List<Integer> list) {
        var out = new int[list.size()];
        for (int i = 0; i < out.length; i++) out[i] = list.get(i);
        return out;
    }

    static int[] join(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

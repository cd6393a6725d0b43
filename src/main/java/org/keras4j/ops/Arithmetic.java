package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Elementwise operations with NumPy's broadcasting and Keras's dtype promotion. */
final class Arithmetic {
    private Arithmetic() {}

    // ---- broadcasting -----------------------------------------------------------------------------------------------

    /** Returns the shape that both broadcast to. */
    static Shape broadcast(Shape a, Shape b) {
        if (a.equals(b)) return a;
        int rank = Math.max(a.rank(), b.rank());
        var dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int m = i <= a.rank() ? a.dim(-i) : 1;
            int n = i <= b.rank() ? b.dim(-i) : 1;
            if (m != n && m != 1 && n != 1)
                throw new IllegalArgumentException("Shapes " + a + " and " + b + " do not broadcast to one shape");
            dims[rank - i] = m == 1 ? n : m;
        }
        return Shape.of(dims);
    }

    static Shape broadcast(List<Tensor> tensors) {
        Shape shape = Shape.SCALAR;
        for (Tensor t : tensors) shape = broadcast(shape, t.shape());
        return shape;
    }

    static Tensor broadcastTo(Tensor x, Shape to) {
        Shape from = x.shape();
        if (from.equals(to)) return x;
        int missing = to.rank() - from.rank();
        boolean fits = missing >= 0;
        for (int i = 0; fits && i < from.rank(); i++) fits = from.dim(i) == 1 || from.dim(i) == to.dim(i + missing);
        if (!fits) throw new IllegalArgumentException("Shape " + from + " does not broadcast to " + to);
        var dims = new int[to.rank()];
        for (int i = 0; i < dims.length; i++) dims[i] = i < missing ? 1 : from.dim(i - missing);
        return Primitives.broadcast(Primitives.reshape(x, Shape.of(dims)), to);
    }

    static Tensor scalar(double value, DType dtype) {
        return Primitives.full(value, dtype, Shape.SCALAR);
    }

    static Tensor fullLike(Tensor x, double value) {
        return Primitives.full(value, x.dtype(), x.shape());
    }

    /** Converts all to the dtype that Keras promotes them to. */
    static List<Tensor> promote(List<Tensor> tensors) {
        DType dtype = DTypes.result(tensors.stream().map(Tensor::dtype).toArray(DType[]::new));
        List<Tensor> promoted = new ArrayList<>(tensors.size());
        for (Tensor t : tensors) promoted.add(Primitives.cast(t, dtype));
        return promoted;
    }

    // ---- two arguments ----------------------------------------------------------------------------------------------

    static Tensor binary(Binary f, Tensor a, Tensor b) {
        return apply(f, a, b, DTypes.result(a.dtype(), b.dtype()));
    }

    /** A whole number is a weak int. */
    static Tensor binary(Binary f, Tensor a, int b) {
        DType dtype = DTypes.withInt(a.dtype());
        return apply(f, a, scalar(b, dtype), dtype);
    }

    static Tensor binary(Binary f, int a, Tensor b) {
        DType dtype = DTypes.withInt(b.dtype());
        return apply(f, scalar(a, dtype), b, dtype);
    }

    static Tensor binary(Binary f, Tensor a, double b) {
        DType dtype = DTypes.withFloat(a.dtype());
        return apply(f, a, scalar(b, dtype), dtype);
    }

    static Tensor binary(Binary f, double a, Tensor b) {
        DType dtype = DTypes.withFloat(b.dtype());
        return apply(f, scalar(a, dtype), b, dtype);
    }

    /** Computes in {@code dtype}, whatever the arguments have. */
    static Tensor apply(Binary f, Tensor a, Tensor b, DType dtype) {
        Shape shape = broadcast(a.shape(), b.shape());
        return Primitives.binary(
                f, broadcastTo(Primitives.cast(a, dtype), shape), broadcastTo(Primitives.cast(b, dtype), shape));
    }

    /** Division, power of floats and the like: integers and bool become floatx. */
    static Tensor floatBinary(Binary f, Tensor a, Tensor b) {
        return apply(f, a, b, DTypes.withFloat(DTypes.result(a.dtype(), b.dtype())));
    }

    /** Bool counts as int32, as where Keras has no operation on bool. */
    static Tensor intBinary(Binary f, Tensor a, Tensor b) {
        DType dtype = DTypes.result(a.dtype(), b.dtype());
        return apply(f, a, b, dtype == DType.BOOL ? DType.INT32 : dtype);
    }

    static Tensor floatBinary(Binary f, Tensor a, double b) {
        DType dtype = DTypes.withFloat(a.dtype());
        return apply(f, a, scalar(b, dtype), dtype);
    }

    static Tensor floatBinary(Binary f, double a, Tensor b) {
        DType dtype = DTypes.withFloat(b.dtype());
        return apply(f, scalar(a, dtype), b, dtype);
    }

    static Tensor intBinary(Binary f, Tensor a, double b) {
        return binary(f, a, b);
    }

    static Tensor intBinary(Binary f, double a, Tensor b) {
        return binary(f, a, b);
    }

    static Tensor intBinary(Binary f, Tensor a, int b) {
        return binary(f, a, b);
    }

    static Tensor intBinary(Binary f, int a, Tensor b) {
        return binary(f, a, b);
    }

    static Tensor logical(Binary f, Tensor a, Tensor b) {
        return apply(f, a, b, DType.BOOL);
    }

    // ---- one argument -----------------------------------------------------------------------------------------------

    static Tensor unary(Unary f, Tensor x) {
        return Primitives.unary(f, x);
    }

    /** Integers and bool become floatx. */
    static Tensor floatUnary(Unary f, Tensor x) {
        return Primitives.unary(f, toFloat(x));
    }

    static Tensor toFloat(Tensor x) {
        return Primitives.cast(x, DTypes.floating(x.dtype()));
    }

    /** Bool becomes int32. */
    static Tensor boolToInt(Tensor x) {
        return x.dtype() == DType.BOOL ? Primitives.cast(x, DType.INT32) : x;
    }

    // ---- choosing ---------------------------------------------------------------------------------------------------

    static Tensor where(Tensor condition, Tensor a, Tensor b) {
        DType dtype = DTypes.result(a.dtype(), b.dtype());
        Shape shape = broadcast(condition.shape(), broadcast(a.shape(), b.shape()));
        return Primitives.select(
                broadcastTo(Primitives.cast(condition, DType.BOOL), shape),
                broadcastTo(Primitives.cast(a, dtype), shape),
                broadcastTo(Primitives.cast(b, dtype), shape));
    }

    static Tensor where(Tensor condition, Tensor a, double b) {
        return where(condition, a, scalar(b, a.dtype()));
    }

    static Tensor where(Tensor condition, double a, Tensor b) {
        return where(condition, scalar(a, b.dtype()), b);
    }

    /** Compares with a number in {@code x}'s dtype. */
    static Tensor test(Binary f, Tensor x, double number) {
        return Primitives.binary(f, x, fullLike(x, number));
    }
}

package org.keras4j.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Decompositions of the matrices in the last two axes, and what is made with them. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    private static Tensor matrix(String name, Tensor x, boolean square) {
        if (x.rank() < 2 || (square && x.shape().dim(-1) != x.shape().dim(-2)))
            throw new IllegalArgumentException(
                    name + ": expected " + (square ? "square " : "") + "matrices, got shape " + x.shape());
        return Arithmetic.toFloat(x);
    }

    static Tensor turned(Tensor x) {
        return Manipulation.swapaxes(x, -1, -2);
    }

    private static Tensor identityLike(Tensor a) {
        int n = a.shape().last();
        return Arithmetic.broadcastTo(Creation.eye(n, n, 0, a.dtype()), a.shape());
    }

    // ---- factors ----------------------------------------------------------------------------------------------------

    static Tensor cholesky(Tensor x, boolean upper) {
        Tensor lower = Tensor.of(new Op.Cholesky(), matrix("cholesky", x, true));
        return upper ? turned(lower) : lower;
    }

    /** The inverse of the matrix that {@code factor} is the Cholesky factor of. */
    static Tensor choleskyInverse(Tensor factor, boolean upper) {
        Tensor f = matrix("cholesky_inverse", factor, true);
        Tensor inverse = Tensor.of(new Op.TriangularSolve(!upper, false, false), f, identityLike(f));
        return upper ? Contractions.matmul(inverse, turned(inverse)) : Contractions.matmul(turned(inverse), inverse);
    }

    static List<Tensor> qr(Tensor x, String mode) {
        if (!mode.equals("reduced") && !mode.equals("complete"))
            throw new IllegalArgumentException("qr: mode must be \"reduced\" or \"complete\", got \"" + mode + "\"");
        Tensor qr = Tensor.of(new Op.Qr(mode.equals("complete")), matrix("qr", x, false));
        return List.of(Primitives.item(qr, 0), Primitives.item(qr, 1));
    }

    static List<Tensor> eigh(Tensor x) {
        Tensor pair = Tensor.of(new Op.Eigh(), matrix("eigh", x, true));
        return List.of(Primitives.item(pair, 0), Primitives.item(pair, 1));
    }

    /** u, s, v^T, or only s; full matrices get columns that complete the basis. */
    static Object svd(Tensor x, boolean full, boolean vectors) {
        Tensor a = matrix("svd", x, false);
        Tensor svd = Tensor.of(new Op.Svd(), a);
        Tensor s = Primitives.item(svd, 1);
        if (!vectors) return s;
        Tensor u = Primitives.item(svd, 0);
        Tensor vt = Primitives.item(svd, 2);
        if (!full) return List.of(u, s, vt);
        return List.of(completed(u), s, turned(completed(turned(vt))));
    }

    /** Adds columns to orthonormal columns until they span the space. */
    private static Tensor completed(Tensor columns) {
        int m = columns.shape().dim(-2);
        int k = columns.shape().last();
        if (m == k) return columns;
        Tensor basis = qr(columns, "complete").getFirst();
        return Primitives.concatenate(List.of(columns, Primitives.slice(basis, -1, k, m - k)), columns.rank() - 1);
    }

    /** Packed LU and, as LAPACK counts, the row that each row was exchanged with. */
    static List<Tensor> luFactor(Tensor x) {
        Tensor a = matrix("lu_factor", x, false);
        int m = a.shape().dim(-2);
        int n = a.shape().last();
        if (m > n) return tallLu(a, m, n);
        Tensor lu = Tensor.of(new Op.Lu(), Primitives.slice(a, -1, 0, m));
        Tensor packed = Primitives.item(lu, 0);
        Tensor order = Primitives.item(lu, 1);
        if (n > m) {
            Tensor rest = sorted(Primitives.slice(a, -1, m, n - m), order);
            Tensor upper = Tensor.of(new Op.TriangularSolve(true, false, true), packed, rest);
            packed = Primitives.concatenate(List.of(packed, upper), a.rank() - 1);
        }
        return List.of(packed, exchanges(order));
    }

    /** The rows that the pivots choose come first; what is left is divided by their U. */
    private static List<Tensor> tallLu(Tensor a, int m, int n) {
        var more = new int[a.rank()];
        more[a.rank() - 1] = m - n;
        Tensor wide = Primitives.pad(Primitives.stopGradient(a), new int[a.rank()], more);
        Tensor order = Primitives.item(Tensor.of(new Op.Lu(), wide), 1);
        Tensor rows = sorted(a, order);
        Tensor top = Primitives.item(Tensor.of(new Op.Lu(), Primitives.slice(rows, -2, 0, n)), 0);
        Tensor rest = turned(Primitives.slice(rows, -2, n, m - n));
        Tensor lower = turned(Tensor.of(new Op.TriangularSolve(false, true, false), top, rest));
        Tensor packed = Primitives.concatenate(List.of(top, lower), a.rank() - 2);
        return List.of(packed, Primitives.slice(exchanges(order), -1, 0, n));
    }

    private static Tensor sorted(Tensor rows, Tensor order) {
        return Indexing.takeAlongAxis(rows, Manipulation.expandDims(order, -1), -2);
    }

    private static Tensor exchanges(Tensor order) {
        Tensor places = Primitives.iota(-1, DType.INT32, order.shape());
        int n = order.shape().last();
        Tensor steps = Manipulation.moveaxis(order, new int[] {-1}, new int[] {0});
        Tensor counter = Primitives.iota(0, DType.INT32, Shape.of(n));
        Scans.Result result = Scans.scan(
                n, false, List.of(places), List.of(steps, counter), (carried, step) -> exchange(carried, step, places));
        return Manipulation.moveaxis(result.outputs().getFirst(), new int[] {0}, new int[] {-1});
    }

    /** Exchanges row i of the present order with the row that belongs there; gives that row's place. */
    private static Scans.Step exchange(List<Tensor> carried, List<Tensor> step, Tensor places) {
        Tensor now = carried.getFirst();
        Tensor wanted = Manipulation.expandDims(step.get(0), -1);
        Tensor found = Arithmetic.binary(Binary.EQUAL, now, wanted);
        Tensor from = Reductions.argReduce(true, Primitives.cast(found, DType.INT32), -1, true);
        Tensor here = Arithmetic.binary(Binary.EQUAL, places, step.get(1));
        Tensor displaced = Reductions.sum(Arithmetic.where(here, now, 0.0), new int[] {-1}, true);
        Tensor next = Arithmetic.where(here, wanted, Arithmetic.where(found, displaced, now));
        return new Scans.Step(List.of(next), List.of(Manipulation.squeeze(from, -1)));
    }

    // ---- determinants -----------------------------------------------------------------------------------------------

    /** -1 for an odd order of rows, 1 for an even one: by the number of pairs in the wrong order. */
    private static Tensor parity(Tensor order, DType dtype) {
        Tensor rows = Manipulation.expandDims(order, -1);
        Tensor columns = Manipulation.expandDims(order, -2);
        Tensor wrong = Arithmetic.binary(Binary.GREATER, rows, columns);
        Tensor later = Indexing.diagonalTest(Binary.GREATER, wrong.shape(), 0);
        Tensor count = Reductions.sum(Arithmetic.logical(Binary.LOGICAL_AND, wrong, later), new int[] {-2, -1}, false);
        Tensor odd = Primitives.binary(Binary.MOD, count, Arithmetic.fullLike(count, 2));
        return Primitives.shift(Primitives.scale(Primitives.cast(odd, dtype), -2), 1);
    }

    static Tensor det(Tensor x) {
        Tensor a = matrix("det", x, true);
        Tensor lu = Tensor.of(new Op.Lu(), a);
        Tensor pivots = diagonal(Primitives.item(lu, 0), 0, -2, -1);
        Tensor product = Reductions.prod(pivots, new int[] {-1}, false);
        return Primitives.mul(product, parity(Primitives.item(lu, 1), a.dtype()));
    }

    /** The determinant's sign and the logarithm of its size. */
    static List<Tensor> slogdet(Tensor x) {
        Tensor a = matrix("slogdet", x, true);
        Tensor lu = Tensor.of(new Op.Lu(), a);
        Tensor pivots = diagonal(Primitives.item(lu, 0), 0, -2, -1);
        Tensor sign = Reductions.prod(Primitives.unary(Unary.SIGN, pivots), new int[] {-1}, false);
        Tensor size = Primitives.unary(Unary.LOG, Primitives.unary(Unary.ABS, pivots));
        return List.of(
                Primitives.mul(sign, parity(Primitives.item(lu, 1), a.dtype())),
                Reductions.sum(size, new int[] {-1}, false));
    }

    // ---- equations --------------------------------------------------------------------------------------------------

    /** Solves {@code a x = b}; b has one axis less for a vector each. */
    static Tensor solve(Tensor a, Tensor b) {
        Tensor f = matrix("solve", a, true);
        boolean vector = b.rank() == a.rank() - 1;
        Tensor right = rightSide("solve", f, vector ? Manipulation.expandDims(b, -1) : b);
        Tensor left = Arithmetic.broadcastTo(
                f, right.shape().slice(0, -2).concat(f.shape().slice(-2, f.rank())));
        Tensor lu = Tensor.of(new Op.Lu(), left);
        Tensor packed = Primitives.item(lu, 0);
        Tensor sorted = sorted(right, Primitives.item(lu, 1));
        Tensor y = Tensor.of(new Op.TriangularSolve(true, false, true), packed, sorted);
        Tensor x = Tensor.of(new Op.TriangularSolve(false, false, false), packed, y);
        return vector ? Manipulation.squeeze(x, -1) : x;
    }

    private static Tensor rightSide(String name, Tensor a, Tensor b) {
        if (b.rank() < 2 || b.shape().dim(-2) != a.shape().last())
            throw new IllegalArgumentException(
                    name + ": a of shape " + a.shape() + " and b of shape " + b.shape() + " do not fit");
        Shape batch = Arithmetic.broadcast(a.shape().slice(0, -2), b.shape().slice(0, -2));
        return Arithmetic.broadcastTo(
                Primitives.cast(b, a.dtype()), batch.concat(b.shape().slice(-2, b.rank())));
    }

    static Tensor solveTriangular(Tensor a, Tensor b, boolean lower) {
        Tensor f = matrix("solve_triangular", a, true);
        boolean vector = b.rank() == a.rank() - 1;
        Tensor right = rightSide("solve_triangular", f, vector ? Manipulation.expandDims(b, -1) : b);
        Tensor left = Arithmetic.broadcastTo(
                f, right.shape().slice(0, -2).concat(f.shape().slice(-2, f.rank())));
        Tensor x = Tensor.of(new Op.TriangularSolve(lower, false, false), left, right);
        return vector ? Manipulation.squeeze(x, -1) : x;
    }

    static Tensor inv(Tensor x) {
        Tensor a = matrix("inv", x, true);
        return solve(a, identityLike(a));
    }

    static double epsilon(DType dtype) {
        return dtype == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    }

    /** The pseudoinverse; singular values up to {@code rcond} times the greatest count as 0. */
    static Tensor pinv(Tensor x, @Nullable Double rcond) {
        Tensor a = matrix("pinv", x, false);
        int longest = Math.max(a.shape().dim(-2), a.shape().last());
        double relative = rcond == null ? 10.0 * longest * epsilon(a.dtype()) : rcond;
        Tensor svd = Tensor.of(new Op.Svd(), a);
        Tensor s = Primitives.item(svd, 1);
        Tensor cutoff = Primitives.scale(Reductions.max(s, new int[] {-1}, true, null), relative);
        Tensor used = Arithmetic.binary(Binary.GREATER, s, cutoff);
        Tensor safe = Primitives.select(used, s, Arithmetic.fullLike(s, 1));
        Tensor inverse = Primitives.select(used, Primitives.unary(Unary.RECIPROCAL, safe), Arithmetic.fullLike(s, 0));
        Tensor scaled =
                Arithmetic.binary(Binary.MUL, turned(Primitives.item(svd, 2)), Manipulation.expandDims(inverse, -2));
        return Contractions.matmul(scaled, turned(Primitives.item(svd, 0)));
    }

    /** The least of the x that bring {@code a x} nearest to b. */
    static Tensor lstsq(Tensor a, Tensor b, @Nullable Double rcond) {
        Tensor f = matrix("lstsq", a, false);
        int longest = Math.max(f.shape().dim(-2), f.shape().last());
        double relative = rcond == null ? longest * epsilon(f.dtype()) : rcond;
        return Contractions.matmul(pinv(f, relative), Primitives.cast(b, f.dtype()));
    }

    static Tensor matrixRank(Tensor x, @Nullable Tensor tolerance) {
        Tensor a = matrix("matrix_rank", x, false);
        Tensor s = (Tensor) svd(a, false, false);
        int longest = Math.max(a.shape().dim(-2), a.shape().last());
        Tensor least = tolerance == null
                ? Primitives.scale(Reductions.max(s, new int[] {-1}, true, null), longest * epsilon(a.dtype()))
                : Manipulation.expandDims(Primitives.cast(tolerance, s.dtype()), -1);
        return Reductions.sum(Arithmetic.binary(Binary.GREATER, s, least), new int[] {-1}, false);
    }

    static Tensor matrixPower(Tensor x, int n) {
        if (x.rank() < 2 || x.shape().dim(-1) != x.shape().dim(-2)) matrix("matrix_power", x, true);
        if (n < 0) return matrixPower(inv(x), -n);
        Tensor power = null;
        Tensor square = x;
        for (int rest = n; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) power = power == null ? square : Contractions.matmul(power, square);
            if (rest > 1) square = Contractions.matmul(square, square);
        }
        return power == null ? identityLike(x) : power;
    }

    // ---- norms ------------------------------------------------------------------------------------------------------

    /** NumPy's norm: of vectors along one axis, of matrices in two, of everything without an axis and an order. */
    static Tensor norm(Tensor x, @Nullable Object order, int @Nullable [] axes, boolean keepdims) {
        Tensor f = Arithmetic.toFloat(x);
        if (axes == null && order == null) return Normalizations.vectorNorm(f, 2, null, keepdims);
        int[] along = axes == null ? Manipulation.identity(f.rank()) : axes;
        if (along.length == 1) {
            if (order instanceof String name)
                throw new IllegalArgumentException(
                        "norm: order \"" + name + "\" needs two axes, got shape " + x.shape());
            return Normalizations.vectorNorm(f, order == null ? 2 : ((Number) order).doubleValue(), along, keepdims);
        }
        if (along.length != 2)
            throw new IllegalArgumentException(
                    "norm: expected one or two axes, got " + along.length + " of " + x.shape());
        return matrixNorm(f, order, along[0], along[1], keepdims);
    }

    private static Tensor matrixNorm(Tensor x, @Nullable Object order, int rows, int columns, boolean keepdims) {
        int[] both = Reductions.axes(x, new int[] {rows, columns});
        if (order == null || "fro".equals(order)) return Normalizations.vectorNorm(x, 2, both, keepdims);
        double p = order instanceof Number n ? n.doubleValue() : Double.NaN;
        Tensor y;
        if (Math.abs(p) == 1 || Double.isInfinite(p)) {
            int summed = Math.abs(p) == 1 ? rows : columns;
            int other = Math.abs(p) == 1 ? columns : rows;
            Tensor sums = Reductions.sum(Primitives.unary(Unary.ABS, x), new int[] {summed}, true);
            y = p > 0
                    ? Reductions.max(sums, new int[] {other}, true, null)
                    : Reductions.min(sums, new int[] {other}, true, null);
            return Reductions.drop(y, both, keepdims);
        }
        Tensor s = (Tensor) svd(Manipulation.moveaxis(x, new int[] {rows, columns}, new int[] {-2, -1}), false, false);
        int[] last = {-1};
        if ("nuc".equals(order)) y = Reductions.sum(s, last, false);
        else if (p == 2) y = Reductions.max(s, last, false, null);
        else if (p == -2) y = Reductions.min(s, last, false, null);
        else
            throw new IllegalArgumentException(
                    "norm: unknown order " + order + " of matrices; known: fro, nuc, 1, -1, 2, -2, inf, -inf");
        return keepdims ? Manipulation.expandDims(y, both) : y;
    }

    // ---- diagonals --------------------------------------------------------------------------------------------------

    /** The diagonal of two axes becomes the last axis. */
    static Tensor diagonal(Tensor x, int offset, int axis1, int axis2) {
        if (x.rank() < 2) throw new IllegalArgumentException("diagonal: expected at least two axes, got " + x.shape());
        Tensor y = Manipulation.moveaxis(x, new int[] {axis1, axis2}, new int[] {-2, -1});
        int rows = y.shape().dim(-2);
        int columns = y.shape().last();
        int n = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
        Shape outer = y.shape().slice(0, y.rank() - 2);
        Tensor flat = Primitives.reshape(y, outer.concat(Shape.of(rows * columns)));
        int[] starts = new int[flat.rank()];
        int[] sizes = flat.shape().with(-1, n).dims();
        int[] strides = Ints.repeat(1, flat.rank()).toArray();
        if (n > 0) starts[starts.length - 1] = offset >= 0 ? offset : -offset * columns;
        strides[strides.length - 1] = columns + 1;
        return Tensor.of(new Op.Slice(Ints.of(starts), Ints.of(sizes), Ints.of(strides)), flat);
    }

    /** The square matrices with the last axis on diagonal k. */
    static Tensor onDiagonal(Tensor x, int k) {
        int n = x.shape().last();
        int size = n + Math.abs(k);
        int row = x.rank();
        Tensor columns = Primitives.pad(x, padding(row, Math.max(k, 0)), padding(row, Math.max(-k, 0)));
        Tensor wide = Primitives.broadcast(
                Manipulation.expandDims(columns, -2), columns.shape().insert(row - 1, size));
        Tensor on = Indexing.diagonalTest(Binary.EQUAL, wide.shape(), k);
        return Primitives.select(on, wide, Arithmetic.fullLike(wide, 0));
    }

    private static int[] padding(int rank, int last) {
        var pad = new int[rank];
        pad[rank - 1] = last;
        return pad;
    }

    /** NumPy's diag: the diagonal of a matrix, or the matrix of a vector. */
    static Tensor diag(Tensor x, int k) {
        if (x.rank() != 1 && x.rank() != 2)
            throw new IllegalArgumentException("diag: expected one or two axes, got " + x.shape());
        return x.rank() == 1 ? onDiagonal(x, k) : diagonal(x, k, 0, 1);
    }

    static Tensor trace(Tensor x, int offset, int axis1, int axis2) {
        return Reductions.sum(diagonal(x, offset, axis1, axis2), new int[] {-1}, false);
    }
}

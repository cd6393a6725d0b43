package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.iota;
import static org.keras4j.graph.Primitives.item;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.neg;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.slice;
import static org.keras4j.graph.Primitives.sub;
import static org.keras4j.graph.Primitives.zeros;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/**
 * Gradients of matrix factorisations, for matrices in the last two axes. Formulas: Giles, "Collected matrix derivative
 * results" (2008); Murray, "Differentiation of the Cholesky decomposition" (2016); Walter and Lehmann (QR, 2012);
 * Townsend, "Differentiating the singular value decomposition" (2016).
 */
final class LinearAlgebraGradients {
    private LinearAlgebraGradients() {}

    /** With P the lower triangle of L^T dL (diagonal halved): the symmetric part of L^-T P L^-1. */
    static Tensor cholesky(Tensor l, Tensor dl) {
        Tensor p = dot(l, true, dl, false);
        p = keep(p, Binary.GREATER, p, keep(p, Binary.EQUAL, scale(p, 0.5), zeros(p.spec())));
        return symmetric(solve(l, true, swap(solve(l, true, p))));
    }

    /** y = a^-1 b (or a^-T b) with triangular a. */
    static List<@Nullable Tensor> triangularSolve(Op.TriangularSolve op, Tensor y, Tensor dy) {
        Tensor a = y.input(0);
        Tensor db = Tensor.of(new Op.TriangularSolve(op.lower(), !op.transpose(), op.unitDiagonal()), a, dy);
        Tensor da = neg(op.transpose() ? dot(y, false, db, true) : dot(db, false, y, true));
        Binary inside = op.unitDiagonal()
                ? (op.lower() ? Binary.GREATER : Binary.LESS)
                : (op.lower() ? Binary.GREATER_EQUAL : Binary.LESS_EQUAL);
        return Gradients.list(keep(da, inside, da, zeros(da.spec())), db);
    }

    /** For {@code m < n} the first m columns determine q; the others are {@code q r}. */
    static Tensor qr(Tensor y, Op.Qr op, List<@Nullable Tensor> dys) {
        Tensor a = y.input(0);
        int m = a.shape().dim(-2);
        int n = a.shape().last();
        if (op.complete() && m > n)
            throw new UnsupportedOperationException("The gradient of qr in mode \"complete\" needs as many columns as "
                    + "rows, got " + a.shape() + "; use mode \"reduced\"");
        Tensor q = item(y, 0);
        Tensor r = item(y, 1);
        Tensor dq = orZeros(dys.get(0), q.spec());
        Tensor dr = orZeros(dys.get(1), r.spec());
        if (m >= n) return tallQr(q, r, dq, dr);
        Tensor dv = slice(dr, -1, m, n - m);
        dq = add(dq, dot(slice(a, -1, m, n - m), false, dv, true));
        Tensor da = tallQr(q, slice(r, -1, 0, m), dq, slice(dr, -1, 0, m));
        return Primitives.concatenate(List.of(da, dot(q, false, dv, false)), a.rank() - 1);
    }

    /** (dq + q copyltu(r dr^T - dq^T q)) r^-T, where copyltu mirrors the lower triangle upwards. */
    private static Tensor tallQr(Tensor q, Tensor r, Tensor dq, Tensor dr) {
        Tensor m = sub(dot(r, false, dr, true), dot(dq, true, q, false));
        Tensor mirrored = keep(m, Binary.GREATER_EQUAL, m, swap(m));
        Tensor b = add(dq, dot(q, false, mirrored, false));
        var solve = new Op.TriangularSolve(false, false, false);
        return swap(Tensor.of(solve, r, swap(b)));
    }

    /** P^T L^-T [strictly lower(L^T dL) + upper(dU U^T)] U^-T. */
    static Tensor lu(Tensor y, Tensor d) {
        Tensor packed = item(y, 0);
        Tensor zero = zeros(packed.spec());
        Tensor one = full(1, packed.dtype(), packed.shape());
        Tensor l = keep(packed, Binary.GREATER, packed, keep(packed, Binary.EQUAL, one, zero));
        Tensor u = keep(packed, Binary.LESS_EQUAL, packed, zero);
        Tensor lower = dot(l, true, keep(d, Binary.GREATER, d, zero), false);
        Tensor upper = dot(keep(d, Binary.LESS_EQUAL, d, zero), false, u, true);
        Tensor middle = keep(d, Binary.GREATER, lower, upper);
        Tensor left = Tensor.of(new Op.TriangularSolve(true, true, true), l, middle);
        Tensor rows = swap(Tensor.of(new Op.TriangularSolve(false, false, false), u, swap(left)));
        return putRows(rows, item(y, 1));
    }

    /** Puts row i of each matrix at {@code order[i]}. */
    private static Tensor putRows(Tensor rows, Tensor order) {
        int n = rows.shape().last();
        int all = rows.shape().size() / Math.max(1, n);
        Shape matrices = Shape.of(all / Math.max(1, n), n);
        Tensor offset = scale(iota(0, DType.INT32, matrices), n);
        Tensor target = reshape(add(reshape(order, matrices), offset), Shape.of(all));
        Shape flat = Shape.of(all, n);
        Tensor put = Primitives.scatter(Op.Update.ADD, full(0, rows.dtype(), flat), target, reshape(rows, flat));
        return reshape(put, rows.shape());
    }

    /** V (diag(dw) + F * (V^T dV)) V^T with F[i, j] = 1 / (w[j] - w[i]) off the diagonal, symmetric part. */
    static Tensor eigh(Tensor y, List<@Nullable Tensor> dys) {
        Tensor w = item(y, 0);
        Tensor v = item(y, 1);
        Tensor inner = zeros(v.spec());
        Tensor dv = dys.get(1);
        if (dv != null) {
            Tensor gap = sub(asRow(w, v.shape()), asColumn(w, v.shape()));
            inner = offDiagonal(dot(v, true, dv, false), gap);
        }
        Tensor dw = dys.get(0);
        if (dw != null) inner = keep(inner, Binary.EQUAL, asRow(dw, v.shape()), inner);
        return symmetric(dot(v, false, dot(inner, false, v, true), false));
    }

    static Tensor svd(Tensor y, List<@Nullable Tensor> dys) {
        Tensor u = item(y, 0);
        Tensor s = item(y, 1);
        Tensor vt = item(y, 2);
        int k = s.shape().last();
        Shape square = u.shape().with(-2, k);
        Tensor row = asRow(s, square);
        Tensor column = asColumn(s, square);
        Tensor gap = sub(mul(row, row), mul(column, column));
        Tensor inner = full(0, u.dtype(), square);
        Tensor du = dys.get(0);
        if (du != null) inner = add(inner, mul(offDiagonal(skew(dot(u, true, du, false)), gap), row));
        Tensor dvt = dys.get(2);
        if (dvt != null) inner = add(inner, mul(offDiagonal(skew(dot(vt, false, dvt, true)), gap), column));
        Tensor ds = dys.get(1);
        if (ds != null) inner = keep(inner, Binary.EQUAL, asRow(ds, square), inner);
        Tensor da = dot(u, false, dot(inner, false, vt, false), false);
        if (du != null && u.shape().dim(-2) > k) {
            Tensor outside = sub(du, dot(u, false, dot(u, true, du, false), false));
            da = add(da, dot(div(outside, asRow(s, u.shape())), false, vt, false));
        }
        if (dvt != null && vt.shape().last() > k) {
            Tensor outside = sub(dvt, dot(dot(dvt, false, vt, true), false, vt, false));
            da = add(da, dot(u, false, div(outside, asColumn(s, vt.shape())), false));
        }
        return da;
    }

    private static Tensor skew(Tensor x) {
        return sub(x, swap(x));
    }

    /** Returns x / gap off the diagonal and 0 on it. */
    private static Tensor offDiagonal(Tensor x, Tensor gap) {
        Tensor one = full(1, x.dtype(), x.shape());
        return keep(x, Binary.EQUAL, zeros(x.spec()), div(x, keep(gap, Binary.EQUAL, one, gap)));
    }

    private static Tensor symmetric(Tensor x) {
        return scale(add(x, swap(x)), 0.5);
    }

    /** Solves with lower triangular l, or its transpose. */
    private static Tensor solve(Tensor l, boolean transpose, Tensor b) {
        return Tensor.of(new Op.TriangularSolve(true, transpose, false), l, b);
    }

    /** Selects {@code inside} where row number and column number stand in the relation, else {@code outside}. */
    private static Tensor keep(Tensor like, Binary relation, Tensor inside, Tensor outside) {
        Tensor row = iota(-2, DType.INT32, like.shape());
        Tensor column = iota(-1, DType.INT32, like.shape());
        return select(binary(relation, row, column), inside, outside);
    }

    /** Lays s[..., n] along the columns of {@code shape}. */
    private static Tensor asRow(Tensor s, Shape shape) {
        return broadcast(reshape(s, s.shape().insert(s.rank() - 1, 1)), shape);
    }

    private static Tensor asColumn(Tensor s, Shape shape) {
        return broadcast(reshape(s, s.shape().insert(-1, 1)), shape);
    }

    private static Tensor orZeros(@Nullable Tensor d, Spec spec) {
        return d == null ? zeros(spec) : d;
    }

    private static Tensor swap(Tensor x) {
        int[] p = Ints.range(x.rank()).toArray();
        p[x.rank() - 1] = x.rank() - 2;
        p[x.rank() - 2] = x.rank() - 1;
        return Primitives.transpose(x, p);
    }

    /** Multiplies matrices in the last two axes, whatever axes are before them. */
    private static Tensor dot(Tensor a, boolean ta, Tensor b, boolean tb) {
        if (a.rank() == 2) return Primitives.dot(a, ta, b, tb);
        Tensor product = Primitives.dot(batch(a), ta, batch(b), tb);
        Shape rows = a.shape().slice(0, a.rank() - 2);
        return reshape(product, rows.concat(product.shape().from(1)));
    }

    private static Tensor batch(Tensor x) {
        int matrices = (int) x.shape().size(0, x.rank() - 2);
        return reshape(x, Shape.of(matrices, x.shape().dim(-2), x.shape().last()));
    }
}

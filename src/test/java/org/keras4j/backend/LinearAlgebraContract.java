package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;

/** Linear algebra: factors are checked by what they are for, since their signs and orders may differ. */
interface LinearAlgebraContract extends Contract {
    int[] ORDERS = {1, 2, 3, 5, 8, 17, 33};

    /** Prepares, runs and reads the results, whose specs the shape rules give. */
    private List<NDArray> solve(Op op, NDArray... in) {
        List<Spec> specs = new ArrayList<>();
        List<View> inputs = new ArrayList<>();
        for (NDArray x : in) {
            specs.add(new Spec(x.dtype(), x.shape()));
            inputs.add(bench().put(x));
        }
        List<View> outputs = new ArrayList<>();
        for (Spec spec : ShapeRules.of(op, specs)) outputs.add(bench().room(spec.dtype(), spec.shape()));
        backend().linearAlgebra(op, inputs, outputs).run();
        return outputs.stream().map(view -> bench().get(op.toString(), view)).toList();
    }

    private static double tolerance(DType dtype, int n) {
        return (dtype == DType.FLOAT64 ? 0x1p-52 : 0x1p-23) * 20 * (n + 2);
    }

    /** Checks {@code a b = c}, each perhaps a batch. */
    private static void assertProduct(
            String what, NDArray a, boolean ta, NDArray b, boolean tb, NDArray c, double tolerance) {
        NDArray product = DotContract.product(matrices(a), matrices(b), ta, tb);
        Closeness.assertClose(
                what + " of " + c.dtype() + c.shape(),
                matrices(c).reshape(product.shape()),
                product,
                tolerance,
                tolerance);
    }

    private static NDArray matrices(NDArray a) {
        Shape s = a.shape();
        return a.cast(DType.FLOAT64).reshape(Shape.of((int) s.size(0, s.rank() - 2), s.dim(-2), s.last()));
    }

    private static NDArray identities(Shape like, int n) {
        NDArray eye = NDArray.zeros(DType.FLOAT64, Shape.of((int) like.size(0, like.rank() - 2), n, n));
        for (int i = 0; i < eye.size(); i++) if (i / n % n == i % n) eye.set(i, 1);
        return eye;
    }

    /** Returns {@code a a^T + n I}. */
    private static NDArray positiveDefinite(DType dtype, Shape shape, int seed) {
        NDArray a = matrices(Samples.random(dtype, shape, seed));
        NDArray product = DotContract.product(a, a, false, true);
        int n = shape.last();
        for (int i = 0; i < product.size(); i++) if (i / n % n == i % n) product.set(i, product.get(i) + n);
        return product.cast(dtype).reshape(shape);
    }

    @Test
    default void cholesky() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int n : ORDERS)
                for (Shape shape : List.of(Shape.of(n, n), Shape.of(2, 3, n, n))) {
                    NDArray a = positiveDefinite(dtype, shape, n);
                    NDArray l = solve(new Op.Cholesky(), a).getFirst();
                    assertProduct("L L^T", l, false, l, true, a, tolerance(dtype, n));
                    for (int i = 0; i < l.size(); i++) {
                        if (i / n % n < i % n) assertEquals(0, l.get(i), "above the diagonal");
                        if (i / n % n == i % n) assertTrue(l.get(i) > 0, "diagonal");
                    }
                }
        NDArray mixed = NDArray.of(Shape.of(2, 2, 2), 1.0, 2, 2, 1, 4, 2, 2, 5);
        NDArray l = solve(new Op.Cholesky(), mixed).getFirst();
        assertTrue(Double.isNaN(l.get(0)) && Double.isNaN(l.get(3)), "not positive definite gives NaN, got " + l);
        Closeness.assertClose(
                "its neighbour in the batch", NDArray.of(Shape.of(1, 2, 2), 2.0, 0, 1, 2), l.rows(1, 2), 1e-15, 0);
    }

    @Test
    default void triangularSolve() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int n : ORDERS)
                for (int flags = 0; flags < 8; flags++) {
                    var op = new Op.TriangularSolve((flags & 1) == 1, (flags & 2) == 2, (flags & 4) == 4);
                    NDArray a = Samples.random(dtype, Shape.of(3, n, n), n);
                    NDArray triangle = a.copy();
                    for (int i = 0; i < a.size(); i++) {
                        int row = i / n % n;
                        int column = i % n;
                        a.set(i, a.get(i) / n + (row == column ? 2 : 0));
                        boolean outside = op.lower() ? row < column : row > column;
                        triangle.set(i, outside ? 0 : row == column && op.unitDiagonal() ? 1 : a.get(i));
                    }
                    NDArray b = Samples.random(dtype, Shape.of(3, n, 4), n + 1);
                    NDArray x = solve(op, a, b).getFirst();
                    assertProduct(op + " a x = b", triangle, op.transpose(), x, false, b, tolerance(dtype, n));
                }
    }

    @Test
    default void qr() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (boolean complete : new boolean[] {false, true})
                for (int m : new int[] {1, 2, 5, 9, 33})
                    for (int n : new int[] {1, 3, 5, 17}) {
                        NDArray a = Samples.random(dtype, Shape.of(2, m, n), m * 50 + n);
                        List<NDArray> qr = solve(new Op.Qr(complete), a);
                        double tolerance = tolerance(dtype, m + n);
                        assertProduct("Q R", qr.get(0), false, qr.get(1), false, a, tolerance);
                        int k = qr.get(0).shape().last();
                        assertProduct("Q^T Q", qr.get(0), true, qr.get(0), false, identities(a.shape(), k), tolerance);
                        for (int i = 0; i < qr.get(1).size(); i++)
                            if (i / n % k > i % n) assertEquals(0, qr.get(1).get(i), "R below its diagonal");
                    }
    }

    /** LAPACK's R: the first diagonal element has the sign opposite to a's, the last of a square one its own. */
    @Test
    default void qrHasTheSignsOfLapack() {
        NDArray a = NDArray.of(Shape.of(2, 2), 3.0, 1, 4, 2);
        List<NDArray> qr = solve(new Op.Qr(false), a);
        // numpy.linalg.qr([[3, 1], [4, 2]])
        Closeness.assertClose("R", NDArray.of(Shape.of(2, 2), -5.0, -2.2, 0, 0.4), qr.get(1), 1e-14, 1e-15);
        Closeness.assertClose("Q", NDArray.of(Shape.of(2, 2), -0.6, -0.8, -0.8, 0.6), qr.get(0), 1e-14, 1e-15);
        NDArray column = NDArray.of(Shape.of(1, 1), -7.0);
        Closeness.assertSame(
                "R of one number", column, solve(new Op.Qr(false), column).get(1));
        NDArray zero = NDArray.zeros(DType.FLOAT64, Shape.of(3, 2));
        Closeness.assertClose(
                "R of zeros",
                NDArray.zeros(DType.FLOAT64, Shape.of(2, 2)),
                solve(new Op.Qr(false), zero).get(1),
                0,
                0);
    }

    @Test
    default void lu() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int n : ORDERS) {
                NDArray a = Samples.random(dtype, Shape.of(2, n, n), n);
                List<NDArray> result = solve(new Op.Lu(), a);
                NDArray lower = result.get(0).copy();
                NDArray upper = result.get(0).copy();
                NDArray permuted = a.copy();
                for (int i = 0; i < a.size(); i++) {
                    int row = i / n % n;
                    int column = i % n;
                    if (row < column) lower.set(i, 0);
                    if (row == column) lower.set(i, 1);
                    if (row > column) upper.set(i, 0);
                    if (row > column) assertTrue(Math.abs(lower.get(i)) <= 1, "a pivot is the greatest of its column");
                    int from = (int) result.get(1).get(i / n);
                    permuted.set(i, a.get(i / n / n * n * n + from * n + column));
                }
                assertProduct("L U = a[p]", lower, false, upper, false, permuted, tolerance(dtype, n));
            }
        NDArray singular = NDArray.of(Shape.of(2, 2), 1.0, 2, 2, 4);
        Closeness.assertClose(
                "LU of a singular matrix",
                NDArray.of(Shape.of(2, 2), 2.0, 4, 0.5, 0),
                solve(new Op.Lu(), singular).get(0),
                0,
                0);
    }

    @Test
    default void eigh() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int n : ORDERS) {
                NDArray x = matrices(Samples.random(dtype, Shape.of(2, n, n), n));
                NDArray a = NDArray.zeros(dtype, x.shape());
                for (int i = 0; i < x.size(); i++) {
                    int base = i / (n * n) * n * n;
                    a.set(i, x.get(i) + x.get(base + i % n * n + i / n % n));
                }
                checkEigh(a, tolerance(dtype, n));
            }
        checkEigh(identities(Shape.of(1, 5, 5), 5), 1e-15);
        checkEigh(NDArray.zeros(DType.FLOAT64, Shape.of(1, 4, 4)), 0);
        NDArray values =
                solve(new Op.Eigh(), NDArray.of(Shape.of(2, 2), 2.0, 1, 1, 2)).get(0);
        Closeness.assertClose("eigenvalues", NDArray.of(Shape.of(2), 1.0, 3), values, 1e-15, 0);
    }

    private void checkEigh(NDArray a, double tolerance) {
        List<NDArray> result = solve(new Op.Eigh(), a);
        int n = a.shape().last();
        NDArray vectors = result.get(1);
        NDArray scaled = vectors.copy();
        for (int i = 0; i < scaled.size(); i++)
            scaled.set(i, vectors.get(i) * result.get(0).get(i / n / n * n + i % n));
        for (int i = 1; i < result.get(0).size(); i++)
            if (i % n > 0) assertTrue(result.get(0).get(i - 1) <= result.get(0).get(i), "eigenvalues ascend");
        assertProduct("V^T V", vectors, true, vectors, false, identities(a.shape(), n), tolerance);
        assertProduct("V diag(w) V^T", scaled, false, vectors, true, a, tolerance);
    }

    @Test
    default void svd() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int m : new int[] {1, 2, 5, 9, 33})
                for (int n : new int[] {1, 3, 5, 17}) {
                    checkSvd(Samples.random(dtype, Shape.of(2, m, n), m * 50 + n), tolerance(dtype, m + n));
                    NDArray left = matrices(Samples.random(dtype, Shape.of(1, m, 1), 1));
                    NDArray right = matrices(Samples.random(dtype, Shape.of(1, 1, n), 2));
                    checkSvd(DotContract.product(left, right, false, false), tolerance(DType.FLOAT64, m + n)); // rank 1
                }
        checkSvd(NDArray.zeros(DType.FLOAT64, Shape.of(1, 4, 3)), 0);
        checkSvd(NDArray.full(DType.FLOAT64, Shape.of(1, 5, 5), 1), 1e-14);
        NDArray s =
                solve(new Op.Svd(), NDArray.of(Shape.of(2, 2), 3.0, 0, 4, 5)).get(1);
        Closeness.assertClose("singular values", NDArray.of(Shape.of(2), Math.sqrt(45), Math.sqrt(5)), s, 1e-15, 0);
    }

    private void checkSvd(NDArray a, double tolerance) {
        List<NDArray> result = solve(new Op.Svd(), a);
        NDArray u = result.get(0);
        NDArray s = result.get(1);
        NDArray vt = result.get(2);
        int k = s.shape().last();
        NDArray scaled = u.copy();
        for (int i = 0; i < u.size(); i++) {
            int batch = i / (a.shape().dim(-2) * k);
            scaled.set(i, u.get(i) * s.get(batch * k + i % k));
        }
        for (int i = 0; i < s.size(); i++)
            assertTrue(s.get(i) >= 0 && (i % k == 0 || s.get(i - 1) >= s.get(i)), "singular values descend to 0: " + s);
        assertProduct("U diag(s) V^T", scaled, false, vt, false, a, tolerance);
        assertProduct("U^T U", u, true, u, false, identities(a.shape(), k), Math.max(tolerance, 1e-14));
        assertProduct("V^T V", vt, false, vt, true, identities(a.shape(), k), Math.max(tolerance, 1e-14));
    }

    @Test
    default void nansEndInNansAndDoNotHang() {
        NDArray a = NDArray.full(DType.FLOAT64, Shape.of(5, 5), Double.NaN);
        for (Op op : List.of(new Op.Cholesky(), new Op.Qr(false), new Op.Lu(), new Op.Eigh(), new Op.Svd()))
            assertTrue(Double.isNaN(solve(op, a).getFirst().get(0)), op + " of NaN");
    }
}

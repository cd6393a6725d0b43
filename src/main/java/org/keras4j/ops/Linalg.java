package org.keras4j.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/**
 * Keras's linear algebra ({@code keras.ops.linalg}) on the matrices in the last two axes; what is before is a batch.
 */
public final class Linalg {
    private Linalg() {}

    /** Returns L with {@code L L^T = x}, or its transpose if {@code upper}; NaN where x is not positive definite. */
    public static Tensor cholesky(Tensor x, boolean upper) {
        return LinearAlgebra.cholesky(x, upper);
    }

    /** Returns the inverse of the matrix that {@code x} is the Cholesky factor of. */
    public static Tensor choleskyInverse(Tensor x, boolean upper) {
        return LinearAlgebra.choleskyInverse(x, upper);
    }

    /** Returns the determinant. */
    public static Tensor det(Tensor x) {
        return LinearAlgebra.det(x);
    }

    /** Returns the determinant's sign, and the logarithm of its absolute value. */
    public static List<Tensor> slogdet(Tensor x) {
        return LinearAlgebra.slogdet(x);
    }

    /** Returns the logarithm of the determinant's absolute value. */
    public static Tensor logdet(Tensor x) {
        return LinearAlgebra.slogdet(x).getLast();
    }

    /** Returns the eigenvalues, ascending, and eigenvectors, as columns, of symmetric matrices. */
    public static List<Tensor> eigh(Tensor x) {
        return LinearAlgebra.eigh(x);
    }

    /** Returns the inverse. */
    public static Tensor inv(Tensor x) {
        return LinearAlgebra.inv(x);
    }

    /** Returns packed LU, and for each row the one that it was exchanged with. */
    public static List<Tensor> luFactor(Tensor x) {
        return LinearAlgebra.luFactor(x);
    }

    /** Returns the norm: order is a number, "fro", "nuc" or null; axes null are all. */
    public static Tensor norm(Tensor x, @Nullable Object order, int @Nullable [] axes, boolean keepdims) {
        return LinearAlgebra.norm(x, order, axes, keepdims);
    }

    /** Returns q and r; mode is "reduced" or "complete". */
    public static List<Tensor> qr(Tensor x, String mode) {
        return LinearAlgebra.qr(x, mode);
    }

    /** Returns x with {@code a x = b}. */
    public static Tensor solve(Tensor a, Tensor b) {
        return LinearAlgebra.solve(a, b);
    }

    /** Returns x with {@code a x = b} for triangular {@code a}. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean lower) {
        return LinearAlgebra.solveTriangular(a, b, lower);
    }

    /** Returns u, s and v^T. */
    @SuppressWarnings("unchecked")
    public static List<Tensor> svd(Tensor x, boolean fullMatrices) {
        return (List<Tensor>) LinearAlgebra.svd(x, fullMatrices, true);
    }

    /** Returns the x of least norm that bring {@code a x} nearest to {@code b}. */
    public static Tensor lstsq(Tensor a, Tensor b) {
        return LinearAlgebra.lstsq(a, b, null);
    }

    /** Returns the pseudoinverse. */
    public static Tensor pinv(Tensor x) {
        return LinearAlgebra.pinv(x, null);
    }

    /** Returns the number of singular values that are not negligible, as int32. */
    public static Tensor matrixRank(Tensor x) {
        return LinearAlgebra.matrixRank(x, null);
    }

    /** Returns the n-th power; n may be negative. */
    public static Tensor matrixPower(Tensor x, int n) {
        return LinearAlgebra.matrixPower(x, n);
    }
}

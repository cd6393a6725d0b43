package org.keras4j.backend.reference;

import java.util.Arrays;
import org.keras4j.op.Op;

/** Factors of a square row-major matrix into triangles, and the solving of triangles. */
final class TriangularMatrices {
    private TriangularMatrices() {}

    /** Reads the lower triangle of {@code a[n, n]}; {@code l[n, n]} is all NaN if a is not positive definite. */
    static void cholesky(int n, double[] a, double[] l) {
        for (int j = 0; j < n; j++) {
            double pivot = a[j * n + j] - dot(l, j * n, l, j * n, j);
            if (!(pivot > 0)) {
                Arrays.fill(l, Double.NaN);
                return;
            }
            double root = Math.sqrt(pivot);
            l[j * n + j] = root;
            for (int i = j + 1; i < n; i++) l[i * n + j] = (a[i * n + j] - dot(l, i * n, l, j * n, j)) / root;
        }
    }

    private static double dot(double[] a, int aAt, double[] b, int bAt, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) sum += a[aAt + k] * b[bAt + k];
        return sum;
    }

    /** Solves {@code a[n, n] x[n, m] = b[n, m]}, or a transposed, by substitution; reads only the triangle. */
    static void solve(Op.TriangularSolve op, int n, int m, double[] a, double[] b, double[] x) {
        int row = op.transpose() ? 1 : n;
        int column = op.transpose() ? n : 1;
        boolean forward = op.lower() != op.transpose();
        for (int s = 0; s < n; s++) {
            int i = forward ? s : n - 1 - s;
            for (int c = 0; c < m; c++) {
                double sum = b[i * m + c];
                for (int k = forward ? 0 : i + 1; k < (forward ? i : n); k++)
                    sum -= a[i * row + k * column] * x[k * m + c];
                x[i * m + c] = op.unitDiagonal() ? sum : sum / a[i * n + i];
            }
        }
    }

    /** Packs L (unit diagonal, below) and U of {@code a[p] = L U}; {@code p[i]} is the row of a that came to i. */
    static void lu(int n, double[] a, double[] lu, double[] p) {
        System.arraycopy(a, 0, lu, 0, n * n);
        for (int i = 0; i < n; i++) p[i] = i;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
            if (pivot != k) swapRows(n, lu, p, k, pivot);
            if (lu[k * n + k] == 0) continue;
            for (int i = k + 1; i < n; i++) {
                double factor = lu[i * n + k] /= lu[k * n + k];
                for (int j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
            }
        }
    }

    private static void swapRows(int n, double[] a, double[] p, int i, int k) {
        for (int j = 0; j < n; j++) {
            double kept = a[i * n + j];
            a[i * n + j] = a[k * n + j];
            a[k * n + j] = kept;
        }
        double kept = p[i];
        p[i] = p[k];
        p[k] = kept;
    }
}

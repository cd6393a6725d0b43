package org.keras4j.backend.reference;

import java.util.Arrays;
import java.util.Comparator;

/** Eigenvalues and singular values by Jacobi's rotations (Golub and Van Loan, "Matrix Computations", 8.5 and 8.6). */
final class JacobiRotations {
    // convergence is quadratic: six to ten sweeps do; more only if there are NaNs
    private static final int MAX_SWEEPS = 60;

    private JacobiRotations() {}

    /** Reads the lower triangle of symmetric {@code a[n, n]}; values ascend, eigenvectors are columns of {@code v}. */
    static void eigh(int n, double[] a, double[] values, double[] v) {
        var s = new double[n * n];
        double norm = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                s[i * n + j] = i >= j ? a[i * n + j] : a[j * n + i];
                norm = Math.max(norm, Math.abs(s[i * n + j]));
            }
        double[] q = identity(n);
        boolean rotated = true;
        for (int sweep = 0; rotated && sweep < MAX_SWEEPS; sweep++) {
            rotated = false;
            for (int i = 0; i < n; i++) for (int j = i + 1; j < n; j++) rotated |= diagonalize(n, s, q, i, j, norm);
        }
        Integer[] order = order(n, Comparator.comparingDouble(i -> s[i * n + i]));
        for (int k = 0; k < n; k++) {
            values[k] = s[order[k] * n + order[k]];
            for (int i = 0; i < n; i++) v[i * n + k] = q[i * n + order[k]];
        }
    }

    /** Rotates axes i and j so that s[i, j] becomes 0; says whether it was not already negligible. */
    private static boolean diagonalize(int n, double[] s, double[] q, int i, int j, double norm) {
        double off = s[i * n + j];
        if (Math.abs(off) <= 1e-17 * norm) return false;
        double ii = s[i * n + i];
        double jj = s[j * n + j];
        double t = tangent((jj - ii) / (2 * off));
        double c = 1 / Math.sqrt(1 + t * t);
        rotateColumns(n, n, s, i, j, c, t * c);
        rotateRows(n, s, i, j, c, t * c);
        rotateColumns(n, n, q, i, j, c, t * c);
        s[i * n + j] = 0;
        s[j * n + i] = 0;
        // what the rotation makes of the diagonal, with less rounding
        s[i * n + i] = ii - t * off;
        s[j * n + j] = jj + t * off;
        return true;
    }

    /** Returns the smaller root of {@code t^2 + 2 tau t - 1 = 0}. */
    private static double tangent(double tau) {
        if (Math.abs(tau) > 1e150) return 0.5 / tau;
        return Math.copySign(1, tau) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    }

    private static void rotateColumns(int m, int n, double[] a, int i, int j, double c, double s) {
        for (int r = 0; r < m; r++) {
            double x = a[r * n + i];
            double y = a[r * n + j];
            a[r * n + i] = c * x - s * y;
            a[r * n + j] = s * x + c * y;
        }
    }

    private static void rotateRows(int n, double[] a, int i, int j, double c, double s) {
        for (int r = 0; r < n; r++) {
            double x = a[i * n + r];
            double y = a[j * n + r];
            a[i * n + r] = c * x - s * y;
            a[j * n + r] = s * x + c * y;
        }
    }

    /** {@code a[m, n] -> u[m, k], values[k], vt[k, n]}, k = min(m, n); values descend. */
    static void svd(int m, int n, double[] a, double[] u, double[] values, double[] vt) {
        if (m < n) {
            var left = new double[n * m];
            var right = new double[m * m];
            svd(n, m, transpose(m, n, a), left, values, right);
            System.arraycopy(transpose(n, m, left), 0, vt, 0, vt.length);
            System.arraycopy(transpose(m, m, right), 0, u, 0, u.length);
            return;
        }
        // a power of two, which rounds nothing: squares of very great or small elements must stay in range
        int scale = exponent(a);
        var work = new double[a.length];
        for (int i = 0; i < a.length; i++) work[i] = Math.scalb(a[i], -scale);
        double[] v = identity(n);
        boolean rotated = true;
        for (int sweep = 0; rotated && sweep < MAX_SWEEPS; sweep++) {
            rotated = false;
            for (int i = 0; i < n; i++) for (int j = i + 1; j < n; j++) rotated |= orthogonalize(m, n, work, v, i, j);
        }
        sorted(m, n, work, v, u, values, vt);
        for (int k = 0; k < n; k++) values[k] = Math.scalb(values[k], scale);
    }

    private static int exponent(double[] a) {
        double greatest = 0;
        for (double x : a) greatest = Math.max(greatest, Math.abs(x));
        return greatest == 0 || !Double.isFinite(greatest) ? 0 : Math.getExponent(greatest);
    }

    /**
     * Makes the factors of orthogonal columns {@code work[m, n]} and the rotations {@code v[n, n]} that led to them.
     */
    private static void sorted(int m, int n, double[] work, double[] v, double[] u, double[] values, double[] vt) {
        var lengths = new double[n];
        for (int j = 0; j < n; j++) lengths[j] = length(m, n, work, j);
        Integer[] order =
                order(n, Comparator.comparingDouble((Integer i) -> lengths[i]).reversed());
        double negligible = n == 0 ? 0 : lengths[order[0]] * Math.max(m, n) * 0x1p-52;
        for (int k = 0; k < n; k++) {
            values[k] = lengths[order[k]];
            for (int i = 0; i < n; i++) vt[k * n + i] = v[i * n + order[k]];
            if (values[k] <= negligible) complete(m, n, u, k);
            else for (int i = 0; i < m; i++) u[i * n + k] = work[i * n + order[k]] / values[k];
        }
    }

    /** Rotates columns i and j of {@code a[m, n]} until they are orthogonal; says whether they were not. */
    private static boolean orthogonalize(int m, int n, double[] a, double[] v, int i, int j) {
        double ii = 0;
        double jj = 0;
        double ij = 0;
        for (int r = 0; r < m; r++) {
            double x = a[r * n + i];
            double y = a[r * n + j];
            ii += x * x;
            jj += y * y;
            ij += x * y;
        }
        // below this the product is rounding noise, which no rotation can take away
        if (Math.abs(ij) <= 0x1p-52 * Math.sqrt(m) * Math.sqrt(ii) * Math.sqrt(jj) || ij == 0) return false;
        double t = tangent((jj - ii) / (2 * ij));
        double c = 1 / Math.sqrt(1 + t * t);
        rotateColumns(m, n, a, i, j, c, t * c);
        rotateColumns(n, n, v, i, j, c, t * c);
        return true;
    }

    private static double length(int m, int n, double[] a, int column) {
        double sum = 0;
        for (int i = 0; i < m; i++) sum += a[i * n + column] * a[i * n + column];
        return Math.sqrt(sum);
    }

    /** Makes column k of {@code u[m, n]} a unit vector orthogonal to those before: what is left of the best axis. */
    private static void complete(int m, int n, double[] u, int k) {
        int best = 0;
        double bestLeft = -1;
        for (int axis = 0; axis < m; axis++) {
            double left = 1;
            for (int j = 0; j < k; j++) left -= u[axis * n + j] * u[axis * n + j];
            if (left > bestLeft) {
                best = axis;
                bestLeft = left;
            }
        }
        for (int i = 0; i < m; i++) u[i * n + k] = i == best ? 1 : 0;
        // twice, because the first pass leaves what cancellation lost
        for (int pass = 0; pass < 2; pass++)
            for (int j = 0; j < k; j++) {
                double along = 0;
                for (int i = 0; i < m; i++) along += u[i * n + j] * u[i * n + k];
                for (int i = 0; i < m; i++) u[i * n + k] -= along * u[i * n + j];
            }
        double length = length(m, n, u, k);
        for (int i = 0; i < m; i++) u[i * n + k] /= length;
    }

    private static double[] identity(int n) {
        var q = new double[n * n];
        for (int i = 0; i < n; i++) q[i * n + i] = 1;
        return q;
    }

    private static double[] transpose(int m, int n, double[] a) {
        var t = new double[n * m];
        for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) t[j * m + i] = a[i * n + j];
        return t;
    }

    private static Integer[] order(int n, Comparator<Integer> by) {
        var order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, by);
        return order;
    }
}

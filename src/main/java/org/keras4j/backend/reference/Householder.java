package org.keras4j.backend.reference;

/** QR by Householder reflections, with LAPACK's signs: a reflected column gets the sign opposite to its diagonal's. */
final class Householder {
    private Householder() {}

    /** {@code a[m, n] -> q[m, k], r[k, n]}, k = m if complete, else min(m, n). */
    static void qr(int m, int n, boolean complete, double[] a, double[] q, double[] r) {
        int steps = Math.min(m, n);
        int k = complete ? m : steps;
        double[] work = a.clone();
        var reflectors = new double[steps][];
        for (int j = 0; j < steps; j++) {
            reflectors[j] = reflector(m, n, work, j);
            reflect(m, n, work, reflectors[j], j, j);
        }
        for (int i = 0; i < k; i++) for (int j = i; j < n; j++) r[i * n + j] = work[i * n + j];
        for (int i = 0; i < k; i++) q[i * k + i] = 1;
        for (int j = steps - 1; j >= 0; j--) reflect(m, k, q, reflectors[j], j, 0);
    }

    /** Returns v of length 1 with {@code I - 2 v v^T} clearing column j below its diagonal; zeros if it is clear. */
    private static double[] reflector(int m, int n, double[] a, int j) {
        var v = new double[m];
        double scale = 0;
        for (int i = j + 1; i < m; i++) scale = Math.max(scale, Math.abs(a[i * n + j]));
        if (scale == 0) return v;
        scale = Math.max(scale, Math.abs(a[j * n + j]));
        for (int i = j; i < m; i++) v[i] = a[i * n + j] / scale;
        double norm = norm(v, j);
        v[j] += v[j] < 0 ? -norm : norm;
        double length = norm(v, j);
        for (int i = j; i < m; i++) v[i] /= length;
        return v;
    }

    private static double norm(double[] v, int from) {
        double sum = 0;
        for (int i = from; i < v.length; i++) sum += v[i] * v[i];
        return Math.sqrt(sum);
    }

    private static void reflect(int m, int n, double[] a, double[] v, int firstRow, int firstColumn) {
        for (int j = firstColumn; j < n; j++) {
            double sum = 0;
            for (int i = firstRow; i < m; i++) sum += v[i] * a[i * n + j];
            for (int i = firstRow; i < m; i++) a[i * n + j] -= 2 * sum * v[i];
        }
    }
}

package org.keras4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Matrices whose factors are known or hard to get right. */
final class MatrixAccuracyTest {
    private static double[] random(int m, int n, double scale) {
        var random = new Random(m * 31L + n);
        var a = new double[m * n];
        for (int i = 0; i < a.length; i++) a[i] = random.nextGaussian() * scale;
        return a;
    }

    private static double[] singularValues(int m, int n, double[] a) {
        int k = Math.min(m, n);
        var values = new double[k];
        JacobiRotations.svd(m, n, a, new double[m * k], values, new double[k * n]);
        return values;
    }

    /** The second difference has eigenvalues 2 - 2 cos(k pi / (n + 1)). */
    @Test
    void eigenvaluesOfTheSecondDifference() {
        int n = 60;
        var a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = 2;
            if (i > 0) a[i * n + i - 1] = -1;
        }
        var values = new double[n];
        JacobiRotations.eigh(n, a, values, new double[n * n]);
        for (int k = 1; k <= n; k++) assertEquals(2 - 2 * Math.cos(k * Math.PI / (n + 1)), values[k - 1], 5e-14);
    }

    /** numpy.linalg.svd of the Hilbert matrix of order 8: seven digits are lost between first and last. */
    @Test
    void singularValuesOfAHilbertMatrix() {
        int n = 8;
        var a = new double[n * n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) a[i * n + j] = 1.0 / (i + j + 1);
        double[] values = singularValues(n, n, a);
        assertEquals(1.6959389969219498, values[0], 1e-14);
        assertEquals(0.02621284357811906, values[2], 1e-15);
        assertEquals(1.1115389e-10, values[7], 1e-16);
    }

    @Test
    void gradedColumnsKeepTheirSmallSingularValues() {
        double[] a = {1, 0, 0, 0, 1e-30, 0, 0, 0, 1e-60};
        double[] values = singularValues(3, 3, a);
        assertEquals(1, values[0]);
        assertEquals(1e-30, values[1], 1e-45);
        assertEquals(1e-60, values[2], 1e-75);
    }

    @Test
    void scalesNearTheEndsOfDoubleDoNotOverflow() {
        double[] plain = singularValues(5, 3, random(5, 3, 1));
        for (double scale : new double[] {0x1p-1000, 0x1p-600, 0x1p600, 0x1p1000}) {
            double[] scaled = singularValues(5, 3, random(5, 3, scale));
            for (int k = 0; k < 3; k++) assertEquals(plain[k], scaled[k] / scale, 1e-14);
            var q = new double[15];
            var r = new double[9];
            Householder.qr(5, 3, false, random(5, 3, scale), q, r);
            assertOrthonormal(5, 3, q);
            for (double x : r) assertTrue(Double.isFinite(x));
        }
    }

    @Test
    void qrOfDependentColumnsStaysOrthonormal() {
        double[] a = random(6, 4, 1);
        for (int i = 0; i < 6; i++) {
            a[i * 4 + 1] = 2 * a[i * 4];
            a[i * 4 + 2] = 0;
        }
        var q = new double[24];
        var r = new double[16];
        Householder.qr(6, 4, false, a, q, r);
        assertOrthonormal(6, 4, q);
        assertEquals(0, r[5], 1e-14);
    }

    @Test
    void luOfAMatrixThatNeedsItsPivots() {
        double[] a = {1e-20, 1, 1, 1};
        var lu = new double[4];
        var p = new double[2];
        TriangularMatrices.lu(2, a, lu, p);
        assertEquals(1, p[0]);
        assertEquals(1e-20, lu[2]);
        assertEquals(1, lu[3], 1e-15);
        TriangularMatrices.lu(2, new double[4], lu, p);
        assertEquals(0, lu[0] + lu[1] + lu[2] + lu[3]);
    }

    @Test
    void vectorsOfEqualSingularValuesAreOrthonormal() {
        int n = 7;
        var a = new double[n * n];
        for (int i = 0; i < n; i++) a[i * n + (i + 3) % n] = i < 4 ? 2 : 0; // four times 2, three times 0
        var u = new double[n * n];
        var values = new double[n];
        var vt = new double[n * n];
        JacobiRotations.svd(n, n, a, u, values, vt);
        assertOrthonormal(n, n, u);
        assertOrthonormal(n, n, vt);
        for (int k = 0; k < n; k++) assertEquals(k < 4 ? 2 : 0, values[k], 1e-15);
    }

    private static void assertOrthonormal(int m, int n, double[] q) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int r = 0; r < m; r++) sum += q[r * n + i] * q[r * n + j];
                assertEquals(i == j ? 1 : 0, sum, 1e-14, i + ", " + j);
            }
    }
}

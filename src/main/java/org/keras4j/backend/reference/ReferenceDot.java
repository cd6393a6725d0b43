package org.keras4j.backend.reference;

import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Matrix products: one sum per result, in the order of k. */
final class ReferenceDot {
    private final int batch;
    private final int m;
    private final int k;
    private final int n;
    private final int aRow;
    private final int aColumn;
    private final int bRow;
    private final int bColumn;

    private ReferenceDot(Op.Dot op, Shape a, Shape b) {
        m = a.dim(op.transposeA() ? -1 : -2);
        k = a.dim(op.transposeA() ? -2 : -1);
        n = b.dim(op.transposeB() ? -2 : -1);
        batch = a.rank() == 3 ? a.dim(0) : 1;
        aRow = op.transposeA() ? 1 : k;
        aColumn = op.transposeA() ? m : 1;
        bRow = op.transposeB() ? 1 : n;
        bColumn = op.transposeB() ? k : 1;
    }

    static Kernel dot(Op.Dot op, View a, View b, View out) {
        var sizes = new ReferenceDot(op, a.shape(), b.shape());
        Elements left = Elements.of(a);
        Elements right = Elements.of(b);
        Elements target = Elements.of(out);
        if (a.dtype().isFloating()) return () -> target.store(sizes.multiply(left.doubles(), right.doubles()));
        return () -> target.store(sizes.multiply(left.longs(), right.longs()));
    }

    private double[] multiply(double[] a, double[] b) {
        var out = new double[batch * m * n];
        for (int s = 0, at = 0; s < batch; s++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++, at++)
                    for (int p = 0; p < k; p++)
                        out[at] += a[s * m * k + i * aRow + p * aColumn] * b[s * k * n + p * bRow + j * bColumn];
        return out;
    }

    private long[] multiply(long[] a, long[] b) {
        var out = new long[batch * m * n];
        for (int s = 0, at = 0; s < batch; s++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++, at++)
                    for (int p = 0; p < k; p++)
                        out[at] += a[s * m * k + i * aRow + p * aColumn] * b[s * k * n + p * bRow + j * bColumn];
        return out;
    }
}

package org.keras4j.backend;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.op.Fusion;

/** Attention and its gradients in loops over single scores, in float64. */
final class PlainAttention {
    final NDArray y;
    final NDArray logarithms;
    final NDArray products;
    final NDArray dq;
    final NDArray dk;
    final NDArray dv;

    private final Fusion.Attention attention;
    private final @Nullable NDArray mask;
    private final Rows q;
    private final Rows k;
    private final Rows v;
    private final Rows dy;
    private final Rows ys;
    private final Rows dqs;
    private final Rows dks;
    private final Rows dvs;

    PlainAttention(Fusion.Attention attention, NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, NDArray dy) {
        this.attention = attention;
        this.mask = mask;
        this.q = Rows.of(q);
        this.k = Rows.of(k);
        this.v = Rows.of(v);
        this.dy = Rows.of(dy);
        y = NDArray.zeros(DType.FLOAT64, dy.shape());
        logarithms = NDArray.zeros(DType.FLOAT64, dy.shape().slice(0, 3));
        products = NDArray.zeros(DType.FLOAT64, dy.shape().slice(0, 3));
        dq = NDArray.zeros(DType.FLOAT64, q.shape());
        dk = NDArray.zeros(DType.FLOAT64, k.shape());
        dv = NDArray.zeros(DType.FLOAT64, v.shape());
        ys = Rows.of(y);
        dqs = Rows.of(dq);
        dks = Rows.of(dk);
        dvs = Rows.of(dv);
        for (int b = 0; b < q.shape().dim(0); b++)
            for (int t = 0; t < this.q.rows; t++) for (int h = 0; h < this.q.heads; h++) row(b, t, h);
        ys.store(y);
        dqs.store(dq);
        dks.store(dk);
        dvs.store(dv);
    }

    private void row(int b, int t, int h) {
        int keys = k.rows;
        int group = h * k.heads / q.heads;
        var weights = new double[keys];
        boolean empty = true;
        double max = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < keys; s++) {
            weights[s] = sees(b, h, t, s) ? attention.scale() * dot(q, b, t, h, k, b, s, group) : Double.NaN;
            if (!Double.isNaN(weights[s])) max = Math.max(max, weights[s]);
            empty &= Double.isNaN(weights[s]);
        }
        double sum = 0;
        for (int s = 0; s < keys; s++) {
            weights[s] = Double.isNaN(weights[s]) ? 0 : StrictMath.exp(weights[s] - max);
            sum += weights[s];
        }
        int row = Samples.index(logarithms.shape(), b, t, h);
        logarithms.set(row, empty ? Double.POSITIVE_INFINITY : StrictMath.log(sum) + max);
        for (int s = 0; s < keys; s++) {
            weights[s] = empty ? attention.zeroEmpty() ? 0 : 1.0 / keys : weights[s] / sum;
            add(ys, b, t, h, weights[s], v, b, s, group);
            add(dvs, b, s, group, weights[s], dy, b, t, h);
        }
        products.set(row, dot(ys, b, t, h, dy, b, t, h));
        for (int s = 0; !empty && s < keys; s++) {
            double ds = weights[s] * (dot(dy, b, t, h, v, b, s, group) - products.get(row)) * attention.scale();
            add(dqs, b, t, h, ds, k, b, s, group);
            add(dks, b, s, group, ds, q, b, t, h);
        }
    }

    private boolean sees(int b, int h, int t, int s) {
        if (attention.causal() && s > t) return false;
        return mask == null || mask.getLong(Samples.index(mask.shape(), b, h, t, s)) != 0;
    }

    /** A tensor [batch][rows][heads][size] as numbers. */
    private record Rows(double[] numbers, int rows, int heads, int size) {
        static Rows of(NDArray x) {
            var numbers = new double[x.size()];
            for (int i = 0; i < numbers.length; i++) numbers[i] = x.get(i);
            return new Rows(
                    numbers, x.shape().dim(1), x.shape().dim(2), x.shape().last());
        }

        int at(int b, int row, int head) {
            return ((b * rows + row) * heads + head) * size;
        }

        void store(NDArray to) {
            for (int i = 0; i < numbers.length; i++) to.set(i, numbers[i]);
        }
    }

    private static double dot(Rows x, int b, int row, int head, Rows z, int c, int other, int group) {
        int i = x.at(b, row, head);
        int j = z.at(c, other, group);
        double sum = 0;
        for (int n = 0; n < x.size; n++) sum += x.numbers[i + n] * z.numbers[j + n];
        return sum;
    }

    private static void add(Rows to, int b, int row, int head, double factor, Rows x, int c, int other, int group) {
        int i = to.at(b, row, head);
        int j = x.at(c, other, group);
        for (int n = 0; n < to.size; n++) to.numbers[i + n] += factor * x.numbers[j + n];
    }
}

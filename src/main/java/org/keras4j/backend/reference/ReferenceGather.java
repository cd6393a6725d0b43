package org.keras4j.backend.reference;

import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Reading and updating slices by index. */
final class ReferenceGather {
    private ReferenceGather() {}

    /** {@code x[outer, n, inner], index[m] -> out[outer, m, inner]}. */
    static Kernel gather(Op.Gather op, View x, View indices, View out) {
        Elements source = Elements.of(x);
        Elements index = Elements.of(indices);
        Elements target = Elements.of(out);
        int outer = (int) x.shape().size(0, op.axis());
        int n = x.shape().dim(op.axis());
        int inner = (int) x.shape().size(op.axis() + 1, x.shape().rank());
        int m = indices.size();
        return () -> {
            for (int k = 0; k < m; k++) {
                long row = index.getLong(k);
                if (row < 0 || row >= n)
                    throw new IndexOutOfBoundsException("Gather: index " + row + " at position " + k
                            + " is outside the valid range 0 to " + (n - 1) + " of axis " + op.axis() + " of "
                            + x.shape());
                for (int o = 0; o < outer; o++)
                    target.copy((o * m + k) * inner, source, (o * n + (int) row) * inner, inner);
            }
        };
    }

    /** {@code x[n, row], index[m], updates[m, row] -> out[n, row]}. */
    static Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        Elements source = Elements.of(x);
        Elements index = Elements.of(indices);
        Elements update = Elements.of(updates);
        Elements target = Elements.of(out);
        int n = x.shape().dim(0);
        int row = (int) x.shape().size(1, x.shape().rank());
        return () -> {
            if (!target.isSame(source)) target.copy(0, source, 0, source.size);
            for (int k = 0; k < index.size; k++) {
                long at = index.getLong(k);
                if (at < 0 || at >= n) continue;
                for (int i = 0; i < row; i++) update(op.update(), target, (int) at * row + i, update, k * row + i);
            }
        };
    }

    private static void update(Op.Update function, Elements out, int at, Elements update, int from) {
        boolean floating = out.dtype.isFloating();
        switch (function) {
            case SET -> out.copy(at, update, from, 1);
            case ADD -> {
                if (floating) out.set(at, out.get(at) + update.get(from));
                else out.setLong(at, out.getLong(at) + update.getLong(from));
            }
            case MUL -> {
                if (floating) out.set(at, out.get(at) * update.get(from));
                else out.setLong(at, out.getLong(at) * update.getLong(from));
            }
            case MAX -> {
                if (floating) out.set(at, Math.max(out.get(at), update.get(from)));
                else out.setLong(at, Math.max(out.getLong(at), update.getLong(from)));
            }
            case MIN -> {
                if (floating) out.set(at, Math.min(out.get(at), update.get(from)));
                else out.setLong(at, Math.min(out.getLong(at), update.getLong(from)));
            }
        }
    }
}

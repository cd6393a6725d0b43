package org.keras4j.backend.reference;

import java.util.Arrays;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Sorts along an axis. */
final class ReferenceSort {
    private ReferenceSort() {}

    static Kernel sort(Op.Sort op, View x, View values, View indices) {
        Elements source = Elements.of(x);
        Elements sorted = Elements.of(values);
        Elements places = Elements.of(indices);
        var axis = new ReferenceReduce.Axis(x.shape(), op.axis());
        return () -> {
            var order = new Integer[axis.size];
            for (int line = 0; line < axis.lines; line++) {
                int start = axis.start(line);
                for (int k = 0; k < order.length; k++) order[k] = k;
                Arrays.sort(
                        order,
                        (i, j) -> compare(source, start + i * axis.stride, start + j * axis.stride, op.descending()));
                for (int k = 0; k < order.length; k++) {
                    sorted.copy(start + k * axis.stride, source, start + order[k] * axis.stride, 1);
                    places.setLong(start + k * axis.stride, order[k]);
                }
            }
        };
    }

    /** Orders for a sort; NaN comes last in both directions, and zeros of both signs are equal. */
    private static int compare(Elements x, int i, int j, boolean descending) {
        if (!x.dtype.isFloating())
            return descending ? Long.compare(x.getLong(j), x.getLong(i)) : Long.compare(x.getLong(i), x.getLong(j));
        double a = x.get(i);
        double b = x.get(j);
        if (a != a || b != b) return Boolean.compare(a != a, b != b);
        if (a == b) return 0;
        return (a < b) == descending ? 1 : -1;
    }
}

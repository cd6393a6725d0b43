package org.keras4j.backend.reference;

import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Reductions over axes, and running ones along an axis. */
final class ReferenceReduce {
    private ReferenceReduce() {}

    static Kernel reduce(Op.Reduce op, View x, View out) {
        Elements source = Elements.of(x);
        Elements target = Elements.of(out);
        int[] kept = x.shape().dims();
        int[] reduced = x.shape().dims();
        for (int axis = 0; axis < kept.length; axis++) (op.axes().contains(axis) ? kept : reduced)[axis] = 1;
        int[] strides = Walk.strides(x.shape());
        var outer = new Walk(kept, strides);
        var inner = new Walk(reduced, strides);
        var accumulator = new Accumulator(op.function(), x.dtype());
        return () -> {
            for (int i = 0; i < outer.size(); i++, outer.advance()) {
                accumulator.reset();
                for (int k = 0; k < inner.size(); k++, inner.advance())
                    accumulator.add(source, outer.at(0) + inner.at(0));
                accumulator.store(target, i);
            }
        };
    }

    static Kernel argReduce(Op.ArgReduce op, View x, View out) {
        Elements source = Elements.of(x);
        Elements target = Elements.of(out);
        var axis = new Axis(x.shape(), op.axis());
        return () -> {
            for (int line = 0; line < axis.lines; line++) {
                int start = axis.start(line);
                int best = 0;
                for (int k = 1; k < axis.size; k++) {
                    int compared = compare(source, start + k * axis.stride, start + best * axis.stride, op.max());
                    if (compared > 0) best = k;
                }
                target.setLong(line, best);
            }
        };
    }

    /** Returns more than 0 if element i wins over element j: is greater (or less), or is the only NaN of the two. */
    static int compare(Elements x, int i, int j, boolean max) {
        if (!x.dtype.isFloating())
            return max ? Long.compare(x.getLong(i), x.getLong(j)) : Long.compare(x.getLong(j), x.getLong(i));
        double a = x.get(i);
        double b = x.get(j);
        if (a != a || b != b) return Boolean.compare(a != a, b != b);
        if (a == b) return 0;
        return (a > b) == max ? 1 : -1;
    }

    static Kernel cumulative(Op.Cumulative op, View x, View out) {
        Elements source = Elements.of(x);
        Elements target = Elements.of(out);
        var axis = new Axis(x.shape(), op.axis());
        var accumulator = new Accumulator(op.function(), x.dtype());
        return () -> {
            for (int line = 0; line < axis.lines; line++) {
                accumulator.reset();
                for (int k = 0; k < axis.size; k++) {
                    int at = axis.start(line) + (op.reverse() ? axis.size - 1 - k : k) * axis.stride;
                    if (op.exclusive()) accumulator.store(target, at);
                    accumulator.add(source, at);
                    if (!op.exclusive()) accumulator.store(target, at);
                }
            }
        };
    }

    /** Where the lines along one axis of a contiguous tensor start, and how far apart their elements are. */
    static final class Axis {
        final int size;
        final int stride;
        final int lines;

        Axis(Shape shape, int axis) {
            size = shape.dim(axis);
            stride = (int) shape.size(shape.axis(axis) + 1, shape.rank());
            lines = (int) shape.size(0, shape.axis(axis)) * stride;
        }

        int start(int line) {
            return line / stride * stride * size + line % stride;
        }
    }
}

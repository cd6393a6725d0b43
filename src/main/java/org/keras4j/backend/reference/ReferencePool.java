package org.keras4j.backend.reference;

import java.util.List;
import java.util.function.IntBinaryOperator;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** MAX and SUM over windows of {@code x[batch, space..., channels]}, and their gradients. */
final class ReferencePool {
    private final Window window;
    private final Ints size;
    private final Shape x;
    private final Shape y;
    private final int taps;
    private final int inputs;
    private final int outputs;

    private ReferencePool(Op.Reduction function, Window window, Ints size, Shape x, Shape y) {
        if (function != Op.Reduction.MAX && function != Op.Reduction.SUM)
            throw new IllegalArgumentException("Pool: expected MAX or SUM, got " + function);
        this.window = window;
        this.size = size;
        this.x = x;
        this.y = y;
        this.taps = Shape.of(size.toArray()).size();
        this.inputs = (int) x.size(1, window.rank() + 1);
        this.outputs = (int) y.size(1, window.rank() + 1);
    }

    static Kernel pool(Op.Pool op, View x, View out) {
        var pool = new ReferencePool(op.function(), op.window(), op.size(), x.shape(), out.shape());
        Elements source = Elements.of(x);
        Elements target = Elements.of(out);
        if (op.function() == Op.Reduction.SUM) return () -> pool.sum(source, target);
        var nothing = new Accumulator(Op.Reduction.MAX, x.dtype());
        return () -> {
            for (int at = 0; at < target.size; at++) {
                int best = pool.greatest(source, at);
                if (best >= 0) target.copy(at, source, best, 1);
                else nothing.store(target, at);
            }
        };
    }

    private void sum(Elements source, Elements target) {
        var sum = new Accumulator(Op.Reduction.SUM, source.dtype);
        for (int at = 0; at < target.size; at++) {
            sum.reset();
            for (int t = 0; t < taps; t++) {
                int from = input(at, t);
                if (from >= 0) sum.add(source, from);
            }
            sum.store(target, at);
        }
    }

    /** Returns the place of the first greatest element (or first NaN) under window {@code at}, -1 if all is padding. */
    private int greatest(Elements source, int at) {
        int best = -1;
        for (int t = 0; t < taps; t++) {
            int from = input(at, t);
            if (from >= 0 && (best < 0 || ReferenceReduce.compare(source, from, best, true) > 0)) best = from;
        }
        return best;
    }

    static Kernel gradient(Op.PoolGradient op, List<View> in, View out) {
        View dy = in.getLast();
        var pool = new ReferencePool(op.function(), op.window(), op.size(), op.x(), dy.shape());
        Elements gradient = Elements.of(dy);
        Elements target = Elements.of(out);
        if (op.function() == Op.Reduction.SUM)
            return () -> pool.spread(gradient, target, (at, t) -> pool.input(at, t), pool.taps);
        Elements source = Elements.of(in.getFirst());
        return () -> pool.spread(gradient, target, (at, _) -> pool.greatest(source, at), 1);
    }

    /** Adds each element of dy to the {@code count} places that {@code place} names; -1 is no place. */
    private void spread(Elements gradient, Elements target, IntBinaryOperator place, int count) {
        var dx = new double[target.size];
        for (int at = 0; at < gradient.size; at++)
            for (int t = 0; t < count; t++) {
                int to = place.applyAsInt(at, t);
                if (to >= 0) dx[to] += gradient.get(at);
            }
        target.store(dx);
    }

    /** Returns the element of x under tap t of output element {@code at}, or -1 in the padding. */
    private int input(int at, int t) {
        int channels = y.last();
        int o = at / channels % outputs;
        int place = 0;
        int step = 1;
        for (int axis = window.rank() - 1; axis >= 0; axis--) {
            int i = o % y.dim(axis + 1) * window.strides().get(axis)
                    + t % size.get(axis) * window.dilations().get(axis)
                    - window.low().get(axis);
            if (i < 0 || i >= x.dim(axis + 1)) return -1;
            place += i * step;
            step *= x.dim(axis + 1);
            o /= y.dim(axis + 1);
            t /= size.get(axis);
        }
        return (at / channels / outputs * inputs + place) * channels + at % channels;
    }
}

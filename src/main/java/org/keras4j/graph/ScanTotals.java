package org.keras4j.graph;

import static org.keras4j.graph.Primitives.reshape;

import java.util.stream.IntStream;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/**
 * Sums over the steps of a loop. Where a step's term is a matrix product or a sum over rows, its operands are stacked
 * and one operation after the loop does it all; only what is left is added up step by step.
 */
final class ScanTotals {
    private ScanTotals() {}

    /** A sum that can be written down once the loop exists. */
    @FunctionalInterface
    interface Total {
        Tensor value();
    }

    /** The loop: first asked for what is needed of it, later giving it. */
    interface Steps {
        int steps();

        /** Says whether {@code t} is not the same in all steps. */
        boolean varies(Tensor t);

        /** Returns a tensor that does not vary, as it is outside the loop. */
        Tensor outside(Tensor t);

        void stack(Tensor t);

        Tensor stacked(Tensor t);

        void accumulate(Tensor t);

        Tensor accumulated(Tensor t);
    }

    /** Returns the sum of {@code g} over all steps. */
    static Total total(Tensor g, Steps loop) {
        if (!loop.varies(g)) return () -> Primitives.scale(loop.outside(g), loop.steps());
        return switch (g.op()) {
            case Op.Reshape(Shape to) -> {
                Total inner = total(g.input(0), loop);
                yield () -> reshape(inner.value(), to);
            }
            case Op.Transpose(var p) -> {
                Total inner = total(g.input(0), loop);
                yield () -> Primitives.transpose(inner.value(), p.toArray());
            }
            case Op.Elementwise1(Unary f)
            when f == Unary.NEG -> {
                Total inner = total(g.input(0), loop);
                yield () -> Primitives.neg(inner.value());
            }
            case Op.Elementwise2(Binary f)
            when f == Binary.ADD -> {
                Total a = total(g.input(0), loop);
                Total b = total(g.input(1), loop);
                yield () -> Primitives.add(a.value(), b.value());
            }
            case Op.Reduce(var f, var axes)
            when f == Op.Reduction.SUM -> {
                Tensor x = g.input(0);
                loop.stack(x);
                int[] all = IntStream.concat(
                                IntStream.of(0), IntStream.of(axes.toArray()).map(a -> a + 1))
                        .toArray();
                yield () -> reshape(Primitives.sum(loop.stacked(x), all), g.shape());
            }
            case Op.Dot dot when g.rank() == 2 -> dot(g, dot, loop);
            case Op.ConvKernelGradient conv -> {
                loop.stack(g.input(0));
                loop.stack(g.input(1));
                yield () -> Tensor.of(conv, batch(loop.stacked(g.input(0))), batch(loop.stacked(g.input(1))));
            }
            default -> {
                loop.accumulate(g);
                yield () -> loop.accumulated(g);
            }
        };
    }

    /** The sum over t of {@code a[t] b[t]} is one product whose contracted axis holds all steps. */
    private static Total dot(Tensor g, Op.Dot dot, Steps loop) {
        Tensor a = g.input(0);
        Tensor b = g.input(1);
        if (!loop.varies(a)) {
            Total sum = total(b, loop);
            return () -> Primitives.dot(loop.outside(a), dot.transposeA(), sum.value(), dot.transposeB());
        }
        if (!loop.varies(b)) {
            Total sum = total(a, loop);
            return () -> Primitives.dot(sum.value(), dot.transposeA(), loop.outside(b), dot.transposeB());
        }
        loop.stack(a);
        loop.stack(b);
        return () -> Primitives.dot(
                contracted(loop.stacked(a), !dot.transposeA()),
                true,
                contracted(loop.stacked(b), dot.transposeB()),
                false);
    }

    /** Returns {@code x[steps, k, n]} (or {@code x[steps, n, k]} if {@code swapped}) as {@code [steps * k, n]}. */
    private static Tensor contracted(Tensor x, boolean swapped) {
        return batch(swapped ? Primitives.transpose(x, 0, 2, 1) : x);
    }

    private static Tensor batch(Tensor x) {
        return reshape(
                x,
                Shape.of(x.shape().dim(0) * x.shape().dim(1)).concat(x.shape().from(2)));
    }
}

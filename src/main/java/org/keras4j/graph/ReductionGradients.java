package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.cast;
import static org.keras4j.graph.Primitives.concatenate;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.slice;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.zeros;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Gradients of reductions and of their running kind. */
final class ReductionGradients {
    private ReductionGradients() {}

    static Tensor reduce(Op.Reduction f, Ints axes, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        return switch (f) {
            case SUM -> Gradients.like(dy, x);
            case PROD -> mul(Gradients.like(dy, x), productOfOthers(x, axes));
            case MAX, MIN -> {
                Tensor isExtreme = binary(Binary.EQUAL, x, Gradients.like(y, x));
                Tensor ties = sum(cast(isExtreme, dy.dtype()), axes.toArray());
                yield select(isExtreme, Gradients.like(div(dy, ties), x), zeros(x.spec()));
            }
        };
    }

    /**
     * Returns, for each element, the product of the others that are reduced with it; no division, so zeros are fine.
     */
    private static Tensor productOfOthers(Tensor x, Ints axes) {
        int rank = x.rank();
        var permutation = new int[rank];
        int kept = 0;
        for (int i = 0; i < rank; i++) if (!axes.contains(i)) permutation[kept++] = i;
        int at = kept;
        for (int i = 0; i < rank; i++) if (axes.contains(i)) permutation[at++] = i;
        Tensor moved = Primitives.transpose(x, permutation);
        Shape shape = moved.shape();
        Shape rows = Shape.of((int) shape.size(0, kept), (int) shape.size(kept, rank));
        Tensor flat = reshape(moved, rows);
        Tensor before = Tensor.of(new Op.Cumulative(Op.Reduction.PROD, 1, true, false), flat);
        Tensor after = Tensor.of(new Op.Cumulative(Op.Reduction.PROD, 1, true, true), flat);
        return IndexGradients.transpose(Ints.of(permutation), reshape(mul(before, after), shape));
    }

    static Tensor cumulative(Op.Cumulative op, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        int axis = x.shape().axis(op.axis());
        return switch (op.function()) {
            case SUM -> Tensor.of(new Op.Cumulative(Op.Reduction.SUM, axis, op.exclusive(), !op.reverse()), dy);
            case PROD -> cumulativeProduct(op, axis, x, dy);
            case MAX, MIN -> cumulativeExtreme(op, axis, x, dy);
        };
    }

    /**
     * dx[j] = (product before j) * s[j], where s[j] = dy[j] + x[j + 1] * s[j + 1] adds up what the later products pass
     * back without dividing by x[j].
     */
    private static Tensor cumulativeProduct(Op.Cumulative op, int axis, Tensor x, Tensor dy) {
        Tensor before = Tensor.of(new Op.Cumulative(Op.Reduction.PROD, axis, true, op.reverse()), x);
        Tensor later = backwards(op, axis, List.of(x, dy), (c, in) -> {
            Tensor s = op.exclusive() ? c : add(in.get(1), c);
            Tensor passed = mul(in.get(0), s);
            return new Tensor[] {op.exclusive() ? add(in.get(1), passed) : passed, s};
        });
        return mul(before, later);
    }

    /** Each element that set a new record gets the gradients up to the next record. */
    private static Tensor cumulativeExtreme(Op.Cumulative op, int axis, Tensor x, Tensor dy) {
        int n = x.shape().dim(axis);
        if (n == 0) return dy;
        Tensor best = Tensor.of(new Op.Cumulative(op.function(), axis, false, op.reverse()), x);
        Binary better = op.function() == Op.Reduction.MAX ? Binary.GREATER : Binary.LESS;
        int from = op.reverse() ? 0 : 1;
        Tensor beats = binary(better, slice(x, axis, from, n - 1), slice(best, axis, 1 - from, n - 1));
        Tensor first = full(1, DType.BOOL, x.shape().with(axis, 1));
        Tensor record = concatenate(op.reverse() ? List.of(beats, first) : List.of(first, beats), axis);
        return backwards(op, axis, List.of(record, dy), (c, in) -> {
            Tensor zero = zeros(c.spec());
            Tensor here = op.exclusive() ? c : add(in.get(1), c);
            Tensor passed = select(in.get(0), zero, here);
            return new Tensor[] {op.exclusive() ? add(in.get(1), passed) : passed, select(in.get(0), here, zero)};
        });
    }

    @FunctionalInterface
    private interface Step {
        /** Returns the next carried value and the output. */
        Tensor[] apply(Tensor carried, List<Tensor> in);
    }

    /** Runs against the direction of {@code op} along its axis; the carried value starts with zeros. */
    private static Tensor backwards(Op.Cumulative op, int axis, List<Tensor> sequences, Step step) {
        Tensor last = sequences.getLast();
        var toFront = new int[last.rank()];
        toFront[0] = axis;
        for (int i = 0, at = 1; i < last.rank(); i++) if (i != axis) toFront[at++] = i;
        List<Tensor> moved =
                sequences.stream().map(t -> Primitives.transpose(t, toFront)).toList();
        Tensor start = zeros(new Spec(last.dtype(), last.shape().without(axis)));
        Scans.Result loop = Scans.scan(last.shape().dim(axis), !op.reverse(), List.of(start), moved, (carried, in) -> {
            Tensor[] next = step.apply(carried.getFirst(), in);
            return new Scans.Step(List.of(next[0]), List.of(next[1]));
        });
        return IndexGradients.transpose(Ints.of(toFront), loop.outputs().getFirst());
    }
}

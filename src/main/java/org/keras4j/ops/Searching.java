package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Graph;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** Finding and counting values. Where a result's shape depends on values, they must be computable now. */
final class Searching {
    private Searching() {}

    /** Returns {@code x}'s value, or says that the operation cannot be part of a graph. */
    static NDArray known(Tensor x, String operation) {
        for (Tensor t : Graph.sort(List.of(x)))
            if (t.op() instanceof Op.Input)
                throw new IllegalArgumentException(operation
                        + ": the shape of the result depends on values, so it works on known values only, not on "
                        + x.spec() + " that depends on an input");
        return x.value();
    }

    /** The places of elements that are not 0: one int32 vector for each axis. */
    static List<Tensor> nonzero(Tensor x) {
        NDArray values = known(x, "nonzero");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) if (values.get(i) != 0) places.add(i);
        List<Tensor> out = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            int below = (int) x.shape().size(axis + 1, x.rank());
            var index = new int[places.size()];
            for (int i = 0; i < index.length; i++)
                index[i] = places.get(i) / below % x.shape().dim(axis);
            out.add(Indexing.constant(index));
        }
        return out;
    }

    /** For each value the number of sequence elements before it: less than it (left), or at most it (right). */
    static Tensor searchsorted(Tensor sequence, Tensor values, String side) {
        if (sequence.rank() != 1)
            throw new IllegalArgumentException("searchsorted: expected a vector, got shape " + sequence.shape());
        Binary test = switch (side) {
            case "left" -> Binary.LESS;
            case "right" -> Binary.LESS_EQUAL;
            default ->
                throw new IllegalArgumentException(
                        "searchsorted: side must be \"left\" or \"right\", got \"" + side + "\"");
        };
        Tensor before = Arithmetic.binary(test, sequence, Manipulation.expandDims(values, -1));
        return Reductions.sum(before, new int[] {-1}, false);
    }

    /** For each value the number of bins that begin at or below it. */
    static Tensor digitize(Tensor x, Tensor bins) {
        return searchsorted(bins, x, "right");
    }

    /** Counts 0, 1, ... in a vector or in each row of a matrix. */
    static Tensor bincount(Tensor x, @Nullable Tensor weights, int minlength) {
        int most = x.shape().size() == 0
                ? -1
                : (int) known(Reductions.max(x, null, false, null), "bincount").item();
        int n = Math.max(minlength, most + 1);
        DType dtype = weights == null ? DType.INT32 : weights.dtype();
        Tensor hot = Indexing.oneHot(x, n, -1, dtype);
        if (weights != null)
            hot = Primitives.mul(hot, Arithmetic.broadcastTo(Manipulation.expandDims(weights, -1), hot.shape()));
        return Reductions.sum(hot, new int[] {-2}, false);
    }

    /** Says for each row whether its target is among the k greatest predictions; ties count, not-finite ones do not. */
    static Tensor inTopK(Tensor targets, Tensor predictions, int k) {
        Tensor index = Manipulation.expandDims(Primitives.cast(targets, DType.INT32), -1);
        Tensor mine = Indexing.takeAlongAxis(predictions, index, -1);
        Tensor greater = Reductions.sum(Arithmetic.binary(Binary.GREATER, predictions, mine), new int[] {-1}, true);
        Tensor found = Primitives.binary(Binary.LESS, greater, Arithmetic.fullLike(greater, k));
        Tensor finite = Primitives.unary(Unary.IS_FINITE, mine);
        return Manipulation.squeeze(Arithmetic.logical(Binary.LOGICAL_AND, found, finite), -1);
    }

    /**
     * Counts, as floats as in Keras, in bins of equal width over {@code range} (null: from least to greatest), and the
     * edges of the bins.
     */
    static List<Tensor> histogram(Tensor x, int bins, double @Nullable [] range) {
        if (bins < 1) throw new IllegalArgumentException("histogram: bins must be at least 1, got " + bins);
        Tensor f = Arithmetic.toFloat(Manipulation.reshape(x, -1));
        DType dtype = f.dtype();
        Tensor low;
        Tensor high;
        if (range != null) {
            low = Arithmetic.scalar(range[0], dtype);
            high = Arithmetic.scalar(range[1], dtype);
        } else if (f.shape().size() == 0) {
            low = Arithmetic.scalar(0, dtype);
            high = Arithmetic.scalar(1, dtype);
        } else {
            low = Reductions.min(f, null, false, null);
            high = Reductions.max(f, null, false, null);
        }
        Tensor flat = Primitives.binary(Binary.EQUAL, low, high);
        low = Primitives.select(flat, Primitives.shift(low, -0.5), low);
        high = Primitives.select(flat, Primitives.shift(high, 0.5), high);
        Tensor edges = Creation.linspace(low, high, bins + 1, true, dtype, 0);
        Tensor place = Primitives.shift(searchsorted(edges, f, "right"), -1);
        Tensor last = Arithmetic.binary(Binary.EQUAL, f, high);
        Tensor bin = Arithmetic.where(last, bins - 1, place);
        Tensor counts = Reductions.sum(Indexing.oneHot(bin, bins, -1, dtype), new int[] {0}, false);
        return List.of(counts, edges);
    }

    /** The place of each flat index along each axis of {@code shape}. */
    static List<Tensor> unravelIndex(Tensor indices, Shape shape) {
        List<Tensor> out = new ArrayList<>();
        Tensor flat = Indexing.wrapped(indices, shape.size());
        for (int axis = 0; axis < shape.rank(); axis++) {
            double below = shape.size(axis + 1, shape.rank());
            Tensor whole = Primitives.binary(Binary.FLOOR_DIV, flat, Arithmetic.fullLike(flat, below));
            out.add(Primitives.binary(Binary.MOD, whole, Arithmetic.fullLike(flat, shape.dim(axis))));
        }
        return out;
    }

    /** The places of the {@code kth + 1} least elements from the least on, then the other places as they come. */
    static Tensor argPartition(Tensor x, int kth, @Nullable Integer axis) {
        Tensor flat = axis == null ? Manipulation.reshape(x, -1) : x;
        int along = flat.shape().axis(axis == null ? 0 : axis);
        int n = flat.shape().dim(along);
        int last = kth < 0 ? kth + n : kth;
        if (last < 0 || last >= n)
            throw new IllegalArgumentException(
                    "argpartition: expected kth between " + -n + " and " + (n - 1) + ", got " + kth);
        Tensor order = Indexing.sort(flat, along, false).getLast();
        if (last == n - 1) return order;
        Tensor least = Primitives.slice(order, along, 0, last + 1);
        Tensor rest = Primitives.slice(order, along, last + 1, n - last - 1);
        return Primitives.concatenate(
                List.of(least, Indexing.sort(rest, along, false).getFirst()), along);
    }
}

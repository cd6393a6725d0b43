package org.keras4j.graph;

import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.cast;
import static org.keras4j.graph.Primitives.div;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.iota;
import static org.keras4j.graph.Primitives.mul;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.zeros;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/** Gradients of the operations that move elements. */
final class IndexGradients {
    private IndexGradients() {}

    static Tensor transpose(Ints permutation, Tensor dy) {
        var inverse = new int[permutation.size()];
        for (int i = 0; i < inverse.length; i++) inverse[permutation.get(i)] = i;
        return Primitives.transpose(dy, inverse);
    }

    static Tensor slice(Op.Slice slice, Shape x, Tensor dy) {
        var low = new int[x.rank()];
        var high = new int[x.rank()];
        var interior = new int[x.rank()];
        for (int i = 0; i < x.rank(); i++) {
            int size = slice.sizes().get(i);
            int stride = slice.strides().get(i);
            int reach = size == 0 ? 0 : (size - 1) * stride + 1;
            low[i] = slice.starts().get(i);
            high[i] = x.dim(i) - low[i] - reach;
            interior[i] = size < 2 ? 0 : stride - 1;
        }
        return Primitives.pad(dy, low, high, interior);
    }

    static Tensor pad(Op.Pad pad, Shape x, Tensor dy) {
        int[] strides = pad.interior().toArray();
        for (int i = 0; i < strides.length; i++) strides[i]++;
        return Primitives.slice(dy, pad.low().toArray(), x.dims(), strides);
    }

    static List<@Nullable Tensor> concatenate(Tensor y, int axis, Tensor dy) {
        List<@Nullable Tensor> parts = new ArrayList<>();
        int start = 0;
        for (Tensor x : y.inputs()) {
            int size = x.shape().dim(axis);
            parts.add(Primitives.slice(dy, axis, start, size));
            start += size;
        }
        return parts;
    }

    /** dy is [outer, index shape, inner]; its slices are added up where they came from. */
    static Tensor gather(int axis, Tensor y, Tensor dy) {
        Shape x = y.input(0).shape();
        Tensor index = y.input(1);
        int m = index.shape().size();
        int outer = (int) x.size(0, axis);
        int inner = (int) x.size(axis + 1, x.rank());
        int n = x.dim(axis);
        Tensor slices = reshape(dy, Shape.of(outer, m, inner));
        Tensor rows = reshape(Primitives.transpose(slices, 1, 0, 2), Shape.of(m, outer * inner));
        Tensor start = full(0, dy.dtype(), Shape.of(n, outer * inner));
        Tensor sums = Primitives.scatter(Op.Update.ADD, start, reshape(index, Shape.of(m)), rows);
        return reshape(Primitives.transpose(reshape(sums, Shape.of(n, outer, inner)), 1, 0, 2), x);
    }

    /** Inputs of y are x[n, row], index[m], updates[m, row]; an index outside x has no effect. */
    static List<@Nullable Tensor> scatter(Op.Update update, Tensor y, Tensor dy) {
        Tensor x = y.input(0);
        Tensor index = y.input(1);
        Tensor updates = y.input(2);
        return switch (update) {
            case ADD -> Gradients.list(dy, null, rows(dy, index));
            case SET -> {
                Tensor kept = Primitives.scatter(Op.Update.SET, dy, index, zeros(updates.spec()));
                Tensor taken = select(
                        broadcastRows(isLast(index, x.shape().dim(0)), updates),
                        rows(dy, index),
                        zeros(updates.spec()));
                yield Gradients.list(kept, null, taken);
            }
            case MUL -> {
                Tensor one = full(1, x.dtype(), x.shape());
                Tensor factor = Primitives.scatter(Op.Update.MUL, one, index, updates);
                Tensor others = otherFactors(one, index, updates);
                yield Gradients.list(mul(dy, factor), null, mul(rows(mul(dy, x), index), others));
            }
            case MAX, MIN -> {
                Tensor isX = cast(binary(Binary.EQUAL, x, y), x.dtype());
                Tensor isUpdate = cast(binary(Binary.EQUAL, updates, rows(y, index)), x.dtype());
                Tensor ties = Primitives.scatter(Op.Update.ADD, isX, index, isUpdate);
                Tensor share = div(dy, ties);
                yield Gradients.list(mul(share, isX), null, mul(rows(share, index), isUpdate));
            }
        };
    }

    /** Returns the product of the other updates of the same row, right also where some are 0. */
    private static Tensor otherFactors(Tensor one, Tensor index, Tensor updates) {
        Tensor isZero = binary(Binary.EQUAL, updates, zeros(updates.spec()));
        Tensor ones = full(1, updates.dtype(), updates.shape());
        Tensor nonZero = rows(Primitives.scatter(Op.Update.MUL, one, index, select(isZero, ones, updates)), index);
        Tensor counts = Primitives.scatter(Op.Update.ADD, zeros(one.spec()), index, cast(isZero, updates.dtype()));
        Tensor otherZeros = Primitives.sub(rows(counts, index), cast(isZero, updates.dtype()));
        Tensor product = select(isZero, nonZero, div(nonZero, select(isZero, ones, updates)));
        return select(binary(Binary.EQUAL, otherZeros, zeros(updates.spec())), product, zeros(updates.spec()));
    }

    /** Returns {@code x[index]}, with zeros where the index is outside. */
    private static Tensor rows(Tensor x, Tensor index) {
        int n = x.shape().dim(0);
        if (n == 0) return full(0, x.dtype(), x.shape().with(0, index.shape().dim(0)));
        Tensor first = zeros(index.spec());
        Tensor last = full(n - 1, DType.INT32, index.shape());
        Tensor inside = binary(Binary.MIN, binary(Binary.MAX, index, first), last);
        Tensor taken = Primitives.gather(x, inside, 0);
        return select(broadcastRows(binary(Binary.EQUAL, index, inside), taken), taken, zeros(taken.spec()));
    }

    /** Says for each index whether no later one is equal to it. */
    private static Tensor isLast(Tensor index, int n) {
        Tensor position = iota(0, DType.INT32, index.shape());
        Tensor last = Primitives.scatter(Op.Update.SET, full(-1, DType.INT32, Shape.of(n)), index, position);
        return binary(Binary.EQUAL, rows(last, index), position);
    }

    private static Tensor broadcastRows(Tensor condition, Tensor like) {
        int[] dims = Ints.repeat(1, like.rank()).toArray();
        dims[0] = condition.shape().dim(0);
        return broadcast(reshape(condition, Shape.of(dims)), like.shape());
    }

    /** Puts the gradient of the sorted values back to where they came from. */
    static Tensor sort(Tensor y, Op.Sort sort, Tensor dy) {
        Shape x = y.input(0).shape();
        int axis = x.axis(sort.axis());
        int n = x.dim(axis);
        int inner = (int) x.size(axis + 1, x.rank());
        Shape flat = Shape.of((int) x.size(0, axis), n, inner);
        Tensor index = reshape(Primitives.item(y, 1), flat);
        Tensor row = scale(iota(0, DType.INT32, flat), n * inner);
        Tensor target = add(add(row, scale(index, inner)), iota(2, DType.INT32, flat));
        Shape all = Shape.of(x.size());
        Tensor back =
                Primitives.scatter(Op.Update.ADD, full(0, dy.dtype(), all), reshape(target, all), reshape(dy, all));
        return reshape(back, x);
    }
}

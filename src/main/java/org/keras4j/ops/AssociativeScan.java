package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/**
 * Running combinations by an associative function, in as many applications as the logarithm of the length: neighbours
 * are combined in pairs, the pairs are scanned, and what lies between is filled in (Blelloch 1990).
 */
final class AssociativeScan {
    private final BinaryOperator<List<Tensor>> combine;
    private final int axis;

    private AssociativeScan(BinaryOperator<List<Tensor>> combine, int axis) {
        this.combine = combine;
        this.axis = axis;
    }

    static <T> T of(BinaryOperator<T> f, T elems, boolean reverse, int axis) {
        List<Tensor> xs = new ArrayList<>(Nest.tensors(elems, "associativeScan"));
        if (xs.isEmpty()) throw new IllegalArgumentException("associativeScan: expected a tensor, got none");
        int along = xs.getFirst().shape().axis(axis);
        int n = xs.getFirst().shape().dim(along);
        for (Tensor x : xs)
            if (x.rank() <= along || x.shape().dim(along) != n)
                throw new IllegalArgumentException("associativeScan: expected tensors of one size along axis " + axis
                        + ", got shapes " + xs.getFirst().shape() + " and " + x.shape());
        if (reverse) xs.replaceAll(x -> Primitives.flip(x, along));
        BinaryOperator<List<Tensor>> combine =
                (a, b) -> Nest.tensors(f.apply(Nest.pack(elems, a), Nest.pack(elems, b)), "associativeScan");
        List<Tensor> scanned = new ArrayList<>(new AssociativeScan(combine, along).scan(xs));
        if (reverse) scanned.replaceAll(x -> Primitives.flip(x, along));
        return Nest.pack(elems, scanned);
    }

    private List<Tensor> scan(List<Tensor> xs) {
        int n = xs.getFirst().shape().dim(axis);
        if (n < 2) return xs;
        List<Tensor> odd = scan(combine.apply(everySecond(xs, 0, n / 2), everySecond(xs, 1, n / 2)));
        List<Tensor> even = everySecond(xs, 0, 1);
        int between = (n - 1) / 2;
        if (between > 0) even = join(even, combine.apply(first(odd, between), everySecond(xs, 2, between)));
        return interleave(even, odd);
    }

    private List<Tensor> everySecond(List<Tensor> xs, int from, int count) {
        List<Tensor> out = new ArrayList<>();
        for (Tensor x : xs) {
            var starts = new int[x.rank()];
            var strides = new int[x.rank()];
            Arrays.fill(strides, 1);
            int[] sizes = x.shape().dims();
            starts[axis] = from;
            sizes[axis] = count;
            strides[axis] = 2;
            out.add(Primitives.slice(x, starts, sizes, strides));
        }
        return out;
    }

    private List<Tensor> first(List<Tensor> xs, int count) {
        return xs.stream().map(x -> Primitives.slice(x, axis, 0, count)).toList();
    }

    private List<Tensor> join(List<Tensor> a, List<Tensor> b) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) out.add(Primitives.concatenate(List.of(a.get(i), b.get(i)), axis));
        return out;
    }

    /** Returns a0 b0 a1 b1 ...; {@code a} may have one more. */
    private List<Tensor> interleave(List<Tensor> a, List<Tensor> b) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            int pairs = b.get(i).shape().dim(axis);
            int rest = a.get(i).shape().dim(axis) - pairs;
            Tensor stacked =
                    Manipulation.stack(List.of(Primitives.slice(a.get(i), axis, 0, pairs), b.get(i)), axis + 1);
            Tensor flat = Primitives.reshape(stacked, b.get(i).shape().with(axis, 2 * pairs));
            Tensor tail = Primitives.slice(a.get(i), axis, pairs, rest);
            out.add(rest == 0 ? flat : Primitives.concatenate(List.of(flat, tail), axis));
        }
        return out;
    }
}

package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** {@code numpy.unique} of values that are known. */
final class Unique {
    private Unique() {}

    /**
     * Returns the sorted different elements, or slices along {@code axis}, cut or filled to {@code size}; then as asked
     * the first place of each, the number of each element's value, and how often each comes.
     */
    static Object of(
            Tensor x,
            @Nullable Integer axis,
            @Nullable Integer size,
            @Nullable Double fill,
            boolean index,
            boolean inverse,
            boolean counts) {
        Tensor rows =
                axis == null ? Manipulation.reshape(x, -1) : Manipulation.moveaxis(x, new int[] {axis}, new int[] {0});
        int n = rows.shape().dim(0);
        int row = (int) rows.shape().size(1, rows.rank());
        NDArray values = Searching.known(rows, "unique");
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Comparator<Integer> byRow = (a, b) -> {
            for (int k = 0; k < row; k++) {
                int c = Double.compare(values.get(a * row + k), values.get(b * row + k));
                if (c != 0) return c;
            }
            return 0;
        };
        Arrays.sort(order, byRow);
        List<Integer> first = new ArrayList<>();
        List<Integer> count = new ArrayList<>();
        var number = new int[n];
        for (int i = 0; i < n; i++) {
            if (i == 0 || byRow.compare(order[i - 1], order[i]) != 0 || hasNan(values, order[i] * row, row)) {
                first.add(order[i]);
                count.add(0);
            }
            number[order[i]] = first.size() - 1;
            count.set(count.size() - 1, count.getLast() + 1);
        }
        int found = first.size();
        int wanted = size == null ? found : size;
        var places = new int[wanted];
        var times = new int[wanted];
        for (int i = 0; i < wanted; i++) {
            places[i] = i < found ? first.get(i) : first.isEmpty() ? 0 : first.getFirst();
            times[i] = i < found ? count.get(i) : 0;
        }
        Tensor result = Indexing.take(rows, places, 0);
        if (fill != null && wanted > found) {
            Tensor kept = Primitives.slice(result, 0, 0, found);
            Shape rest = result.shape().with(0, wanted - found);
            result = Primitives.concatenate(List.of(kept, Primitives.full(fill, x.dtype(), rest)), 0);
        }
        if (axis != null) result = Manipulation.moveaxis(result, new int[] {0}, new int[] {axis});
        if (!index && !inverse && !counts) return result;
        List<Object> all = new ArrayList<>(List.of(result));
        if (index) all.add(Indexing.constant(places));
        if (inverse) {
            Tensor numbers = Indexing.constant(number);
            all.add(axis == null ? Primitives.reshape(numbers, x.shape()) : numbers);
        }
        if (counts) all.add(Indexing.constant(times));
        return all;
    }

    /** NaN equals nothing, so that a row with one is different from all others. */
    private static boolean hasNan(NDArray values, int from, int count) {
        for (int k = 0; k < count; k++) if (Double.isNaN(values.get(from + k))) return true;
        return false;
    }
}

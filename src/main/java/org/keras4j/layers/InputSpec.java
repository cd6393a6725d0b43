package org.keras4j.layers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;

/**
 * What a layer expects of its input's shape.
 *
 * @param rank the number of axes; null for any
 * @param minRank the least number of axes
 * @param sizes the sizes of some axes; a negative axis counts from the end
 */
public record InputSpec(@Nullable Integer rank, int minRank, Map<Integer, Integer> sizes) {
    public InputSpec {
        sizes = Map.copyOf(sizes);
    }

    /** Expects exactly {@code rank} axes. */
    public static InputSpec ofRank(int rank) {
        return new InputSpec(rank, 0, Map.of());
    }

    /** Expects at least {@code rank} axes. */
    public static InputSpec atLeast(int rank) {
        return new InputSpec(null, rank, Map.of());
    }

    /** Returns this with the size of one axis. */
    public InputSpec with(int axis, int size) {
        return new InputSpec(rank, minRank, Map.of(axis, size));
    }

    /** Returns what is expected of a shape that does not fit, or null if it does; unknown sizes fit. */
    @Nullable
    String mismatch(Shape shape) {
        if (rank != null && shape.rank() != rank) return "expected input with " + rank + " axes";
        if (shape.rank() < minRank) return "expected input with at least " + minRank + " axes";
        for (Map.Entry<Integer, Integer> e : sizes.entrySet()) {
            int axis = e.getKey();
            if (axis >= shape.rank() || axis < -shape.rank()) return "expected input with an axis " + axis;
            int size = shape.dim(axis);
            if (size != e.getValue() && size != Shape.UNKNOWN)
                return "expected input with " + (axis == -1 ? "last axis " : "axis " + axis + " of size ")
                        + e.getValue();
        }
        return null;
    }
}

package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.Shape;

/** A tensor as {@code [outer][n][inner]}, of which n is reduced. */
record ReductionAxes(int outer, int n, int inner) {
    /** Returns the axis of a shape. */
    static ReductionAxes along(Shape shape, int axis) {
        int at = shape.axis(axis);
        return new ReductionAxes((int) shape.size(0, at), shape.dim(at), (int) shape.size(at + 1, shape.rank()));
    }

    /** Returns the steps that reduce some axes: neighbours at once, the last ones first. */
    static List<ReductionAxes> steps(Shape shape, boolean[] reduced) {
        var steps = new ArrayList<ReductionAxes>();
        int inner = 1;
        for (int axis = shape.rank() - 1; axis >= 0; ) {
            int size = 1;
            boolean reduces = false;
            for (; axis >= 0 && (shape.dim(axis) == 1 || !reduces || reduced[axis]); axis--) {
                if (shape.dim(axis) == 1) continue;
                if (!reduced[axis]) {
                    inner *= shape.dim(axis);
                    continue;
                }
                size *= shape.dim(axis);
                reduces = true;
            }
            if (reduces) steps.add(new ReductionAxes((int) shape.size(0, axis + 1), size, inner));
        }
        if (steps.isEmpty()) steps.add(new ReductionAxes(shape.size(), 1, 1));
        return steps;
    }

    /** Returns the number of results. */
    int results() {
        return outer * inner;
    }
}

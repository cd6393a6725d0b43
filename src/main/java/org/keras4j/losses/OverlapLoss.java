package org.keras4j.losses;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loss that is least where two sets, each the elements along some axes, overlap most.
 *
 * @param <S> the loss itself
 */
abstract class OverlapLoss<S extends OverlapLoss<S>> extends BaseLoss<S> {
    private @Nullable List<Integer> axis;

    OverlapLoss(String name) {
        super(name);
    }

    /** Sets the axes of the sets; none means all. */
    public S axis(int @Nullable ... axis) {
        this.axis = axis == null || axis.length == 0
                ? null
                : Arrays.stream(axis).boxed().toList();
        return self();
    }

    final int[] axes() {
        return axis == null ? new int[0] : axis.stream().mapToInt(i -> i).toArray();
    }

    /** Returns the axes as configs have them: null, a number, or a list of several. */
    final @Nullable Object axisConfig() {
        return axis == null || axis.size() > 1 ? axis : axis.getFirst();
    }
}

package org.keras4j.losses;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/** One minus twice the overlap over the sizes of two sets. */
public final class Dice extends BaseLoss<Dice> {
    private @Nullable List<Integer> axis;

    public Dice() {
        super("dice");
    }

    /** Sets the axes of the sets; none means all. */
    public Dice axis(int @Nullable ... axis) {
        this.axis = axis == null || axis.length == 0
                ? null
                : Arrays.stream(axis).boxed().toList();
        return this;
    }

    private int[] axes() {
        return axis == null ? new int[0] : axis.stream().mapToInt(i -> i).toArray();
    }

    @Override
    protected Dice self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Overlaps.dice(yTrue, yPred, axes());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axis == null || axis.size() > 1 ? axis : axis.getFirst());
        return config;
    }
}

package org.keras4j.losses;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/**
 * One minus the overlap over the size of two sets, where misses and false alarms weigh differently (Salehi et al.
 * 2017). Keras up to 3.15 has the two weights the other way round.
 */
public final class Tversky extends BaseLoss<Tversky> {
    private double alpha = 0.5;
    private double beta = 0.5;
    private @Nullable List<Integer> axis;

    public Tversky() {
        super("tversky");
    }

    public Tversky(double alpha) {
        this();
        alpha(alpha);
    }

    public Tversky(double alpha, double beta) {
        this();
        alpha(alpha);
        beta(beta);
    }

    /** Sets the weight of what the predictions have too much. */
    public Tversky alpha(double alpha) {
        this.alpha = alpha;
        return this;
    }

    /** Sets the weight of what is missing in the predictions. */
    public Tversky beta(double beta) {
        this.beta = beta;
        return this;
    }

    /** Sets the axes of the sets; none means all. */
    public Tversky axis(int @Nullable ... axis) {
        this.axis = axis == null || axis.length == 0
                ? null
                : Arrays.stream(axis).boxed().toList();
        return this;
    }

    private int[] axes() {
        return axis == null ? new int[0] : axis.stream().mapToInt(i -> i).toArray();
    }

    @Override
    protected Tversky self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return Overlaps.tversky(yTrue, yPred, alpha, beta, axes());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("alpha", alpha);
        config.put("beta", beta);
        config.put("axis", axis == null || axis.size() > 1 ? axis : axis.getFirst());
        return config;
    }
}

package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * One minus the overlap over the size of two sets, where misses and false alarms weigh differently (Salehi et al.
 * 2017). Keras up to 3.15 has the two weights the other way round.
 */
public final class Tversky extends OverlapLoss<Tversky> {
    private double alpha = 0.5;
    private double beta = 0.5;

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

    @Override
    protected Tversky self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        Tensor both = K.sum(K.multiply(yTrue, yPred), axes());
        Tensor missing = K.sum(K.multiply(K.subtract(1.0, yPred), yTrue), axes());
        Tensor excess = K.sum(K.multiply(yPred, K.subtract(1.0, yTrue)), axes());
        Tensor sizes = K.add(K.add(both, K.multiply(excess, alpha)), K.multiply(missing, beta));
        return K.subtract(1.0, K.divide(both, K.add(sizes, K.epsilon())));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("alpha", alpha);
        config.put("beta", beta);
        config.put("axis", axisConfig());
        return config;
    }
}

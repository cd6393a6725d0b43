package org.keras4j.losses;

import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** One minus twice the overlap over the sizes of two sets, {@code 1 - 2 sum(t p) / (sum t + sum p)} (Dice 1945). */
public final class Dice extends OverlapLoss<Dice> {
    public Dice() {
        super("dice");
    }

    @Override
    protected Dice self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        Tensor both = K.multiply(2.0, K.sum(K.multiply(yTrue, yPred), axes()));
        Tensor sizes = K.add(K.add(K.sum(yTrue, axes()), K.sum(yPred, axes())), K.epsilon());
        return K.subtract(1.0, K.divide(both, sizes));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axisConfig());
        return config;
    }
}

package org.keras4j.metrics;

import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Loss;

/** The weighted mean of a loss, or of a function of the program's own, from labels and predictions to values. */
public final class MeanMetricWrapper extends FunctionMetric<MeanMetricWrapper> {
    private final BinaryOperator<Tensor> function;
    private final Direction direction;
    private final @Nullable Loss loss;

    public MeanMetricWrapper(String name, BinaryOperator<Tensor> function) {
        super(name);
        this.function = function;
        this.direction = Direction.UNKNOWN;
        this.loss = null;
    }

    /** Shows the values of a loss, under its name. */
    public MeanMetricWrapper(Loss loss) {
        super(loss.name());
        this.function = loss::unreduced;
        this.direction = Direction.DOWN;
        this.loss = loss;
    }

    @Override
    protected MeanMetricWrapper self() {
        return this;
    }

    @Override
    Tensor values(Tensor yTrue, Tensor yPred) {
        return function.apply(yTrue, yPred);
    }

    @Override
    public Direction direction() {
        return direction;
    }

    /** Has the loss, or the function's name, of which a program that reads the config must have registered a loss. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("fn", loss == null ? name() : loss);
        return config;
    }
}

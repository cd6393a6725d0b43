package org.keras4j.losses;

import java.util.Map;
import java.util.function.BinaryOperator;
import org.keras4j.graph.Tensor;

/** A loss of the program's own: a function from labels and predictions to one value for each element. */
public final class FunctionLoss extends BaseLoss<FunctionLoss> {
    private final BinaryOperator<Tensor> function;

    public FunctionLoss(String name, BinaryOperator<Tensor> function) {
        super(name);
        this.function = function;
    }

    @Override
    public String className() {
        return "LossFunctionWrapper";
    }

    /** Has the function's name; a program that reads the config must have registered a loss of that name. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("fn", name());
        return config;
    }

    @Override
    protected FunctionLoss self() {
        return this;
    }

    @Override
    protected Tensor values(Tensor yTrue, Tensor yPred) {
        return function.apply(yTrue, yPred);
    }
}

package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Gradient descent divided by the root of the sum of all squared gradients (Duchi et al. 2011). */
public final class Adagrad extends BaseOptimizer<Adagrad> {
    private double initialAccumulatorValue = 0.1;
    private double epsilon = 1e-7;

    public Adagrad() {
        super(0.001);
    }

    public Adagrad(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Adagrad(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the first value of the sums of squares. */
    public Adagrad initialAccumulatorValue(double initialAccumulatorValue) {
        requireFresh();
        this.initialAccumulatorValue = initialAccumulatorValue;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public Adagrad epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected Adagrad self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        for (Variable v : variables) addSlot(v, "accumulator", initialAccumulatorValue);
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable accumulator = slot(variable, "accumulator");
        assignAdd(accumulator, K.square(gradient));
        Tensor root = K.sqrt(K.add(accumulator.value(), epsilon));
        assignSub(variable, K.divide(K.multiply(step.learningRate(), gradient), root));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("initial_accumulator_value", initialAccumulatorValue);
        config.put("epsilon", epsilon);
        return config;
    }
}

package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Steps of one length, in the direction of the average gradient's sign (Chen et al. 2023). */
public final class Lion extends BaseOptimizer<Lion> {
    private double beta1 = 0.9;
    private double beta2 = 0.99;

    public Lion() {
        super(0.001);
    }

    public Lion(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Lion(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the average in the direction of a step. */
    public Lion beta1(double beta1) {
        if (!(beta1 > 0 && beta1 <= 1))
            throw new IllegalArgumentException("Lion: expected beta_1 above 0 and up to 1, got " + beta1);
        this.beta1 = beta1;
        return this;
    }

    /** Sets the part of the average gradient that stays at each step. */
    public Lion beta2(double beta2) {
        this.beta2 = beta2;
        return this;
    }

    @Override
    protected Lion self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "momentum");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable m = slot(variable, "momentum");
        Tensor direction = K.sign(K.add(K.multiply(m.value(), beta1), K.multiply(gradient, 1 - beta1)));
        assignSub(variable, K.multiply(step.learningRate(), direction));
        m.assign(K.add(K.multiply(m.value(), beta2), K.multiply(gradient, 1 - beta2)));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        return config;
    }
}

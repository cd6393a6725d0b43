package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Adam with the greatest gradient in place of the mean square (Kingma and Ba 2014). */
public final class Adamax extends BaseOptimizer<Adamax> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-7;

    public Adamax() {
        super(0.001);
    }

    public Adamax(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Adamax(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the average gradient that stays at each step. */
    public Adamax beta1(double beta1) {
        this.beta1 = beta1;
        return this;
    }

    /** Sets the part of the greatest gradient that stays at each step. */
    public Adamax beta2(double beta2) {
        this.beta2 = beta2;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public Adamax epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected Adamax self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "momentum", "norm");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable m = slot(variable, "momentum");
        Variable u = slot(variable, "norm");
        assignAverage(m, beta1, gradient);
        u.assign(K.maximum(K.multiply(beta2, u.value()), K.abs(gradient)));
        Tensor divisor = K.multiply(step.correction(beta1), K.add(u.value(), epsilon));
        assignSub(variable, K.divide(K.multiply(step.learningRate(), m.value()), divisor));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
        return config;
    }
}

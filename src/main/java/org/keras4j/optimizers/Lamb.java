package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Adam with steps in proportion to the length of each variable (You et al. 2019). */
public final class Lamb extends BaseOptimizer<Lamb> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-7;

    public Lamb() {
        super(0.001);
    }

    public Lamb(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Lamb(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the average gradient that stays at each step. */
    public Lamb beta1(double beta1) {
        this.beta1 = beta1;
        return this;
    }

    /** Sets the part of the average squared gradient that stays at each step. */
    public Lamb beta2(double beta2) {
        this.beta2 = beta2;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public Lamb epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected Lamb self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "momentum", "velocity");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable m = slot(variable, "momentum");
        Variable v = slot(variable, "velocity");
        assignAverage(m, beta1, gradient);
        assignAverage(v, beta2, K.square(gradient));
        Tensor root = K.sqrt(K.divide(v.value(), step.correction(beta2)));
        Tensor change = K.divide(K.divide(m.value(), step.correction(beta1)), K.add(root, epsilon));
        Tensor weights = K.sqrt(K.sum(K.square(variable.value())));
        Tensor changes = K.sqrt(K.sum(K.square(change)));
        Tensor known = K.logicalAnd(K.greater(weights, 0), K.greater(changes, 0));
        Tensor ratio = K.where(known, K.divide(weights, changes), 1.0);
        assignSub(variable, K.multiply(K.multiply(ratio, step.learningRate()), change));
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

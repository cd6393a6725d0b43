package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/**
 * Adam without a schedule (Defazio et al. 2024): variables are between the fast weights, kept as {@code momentum}, and
 * their average.
 */
public final class ScheduleFreeAdamW extends BaseOptimizer<ScheduleFreeAdamW> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private int warmupSteps = 0;

    public ScheduleFreeAdamW() {
        super(0.0025);
    }

    public ScheduleFreeAdamW(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public ScheduleFreeAdamW(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets how near to the average the variables are. */
    public ScheduleFreeAdamW beta1(double beta1) {
        this.beta1 = beta1;
        return this;
    }

    /** Sets the part of the average squared gradient that stays at each step. */
    public ScheduleFreeAdamW beta2(double beta2) {
        this.beta2 = beta2;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public ScheduleFreeAdamW epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    /** Sets over how many steps the learning rate grows to its value. */
    public ScheduleFreeAdamW warmupSteps(int warmupSteps) {
        this.warmupSteps = warmupSteps;
        return this;
    }

    @Override
    protected ScheduleFreeAdamW self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        for (Variable v : variables) {
            addSlot(v, "momentum", v::numpy); // on first use: a file's weights are loaded after the optimizer is made
            addSlot(v, "velocity", 0);
        }
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Tensor rate = step.shared("rate", () -> rate(step));
        Variable fast = slot(variable, "momentum");
        Variable velocity = slot(variable, "velocity");
        Tensor before = fast.value();
        double near = rounded(beta1, variable.dtype());
        assignAverage(velocity, rounded(beta2, variable.dtype()), K.square(gradient));
        Tensor root = K.sqrt(K.divide(velocity.value(), step.correction(beta2)));
        assignSub(fast, K.divide(K.multiply(rate, gradient), K.add(root, epsilon)));
        Tensor weight = step.shared("weight", () -> K.divide(1.0, step.number()));
        Tensor average = K.divide(K.subtract(variable.value(), K.multiply(1 - near, before)), near);
        average = K.add(K.multiply(K.subtract(1.0, weight), average), K.multiply(weight, fast.value()));
        variable.assign(K.add(K.multiply(1 - near, fast.value()), K.multiply(near, average)));
    }

    /** Keras rounds the betas first, so that in the first step the correction cancels exactly. */
    private static double rounded(double beta, DType dtype) {
        return dtype == DType.FLOAT64 ? beta : (float) beta;
    }

    private Tensor rate(Step step) {
        if (warmupSteps <= 0) return step.learningRate();
        return K.multiply(step.learningRate(), K.minimum(K.divide(step.number(), (double) warmupSteps), 1.0));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
        config.put("warmup_steps", warmupSteps);
        return config;
    }
}

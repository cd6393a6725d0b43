package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Follow the regularized leader (McMahan et al. 2013); all strengths are 0 or more. */
public final class Ftrl extends BaseOptimizer<Ftrl> {
    private double learningRatePower = -0.5;
    private double initialAccumulatorValue = 0.1;
    private double l1RegularizationStrength = 0.0;
    private double l2RegularizationStrength = 0.0;
    private double l2ShrinkageRegularizationStrength = 0.0;
    private double beta = 0.0;

    public Ftrl() {
        super(0.001);
    }

    public Ftrl(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Ftrl(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets how the rate falls with the sum of squares; 0 or less, 0 for not at all. */
    public Ftrl learningRatePower(double learningRatePower) {
        this.learningRatePower = learningRatePower;
        return this;
    }

    /** Sets the first value of the sums of squares. */
    public Ftrl initialAccumulatorValue(double initialAccumulatorValue) {
        requireFresh();
        this.initialAccumulatorValue = initialAccumulatorValue;
        return this;
    }

    public Ftrl l1RegularizationStrength(double l1RegularizationStrength) {
        this.l1RegularizationStrength = l1RegularizationStrength;
        return this;
    }

    public Ftrl l2RegularizationStrength(double l2RegularizationStrength) {
        this.l2RegularizationStrength = l2RegularizationStrength;
        return this;
    }

    /** Sets the strength of a penalty that only the gradient feels, not the sum of squares. */
    public Ftrl l2ShrinkageRegularizationStrength(double l2ShrinkageRegularizationStrength) {
        this.l2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength;
        return this;
    }

    public Ftrl beta(double beta) {
        this.beta = beta;
        return this;
    }

    @Override
    protected Ftrl self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        check();
        for (Variable v : variables) {
            addSlot(v, "accumulator", initialAccumulatorValue);
            addSlot(v, "linear", 0);
        }
    }

    private void check() {
        if (learningRatePower > 0)
            throw new IllegalArgumentException(
                    "Ftrl: expected learning_rate_power of 0 or less, got " + learningRatePower);
        requireNonNegative("initial_accumulator_value", initialAccumulatorValue);
        requireNonNegative("l1_regularization_strength", l1RegularizationStrength);
        requireNonNegative("l2_regularization_strength", l2RegularizationStrength);
        requireNonNegative("l2_shrinkage_regularization_strength", l2ShrinkageRegularizationStrength);
    }

    private static void requireNonNegative(String name, double value) {
        if (!(value >= 0)) throw new IllegalArgumentException("Ftrl: expected " + name + " of 0 or more, got " + value);
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Tensor rate = step.learningRate();
        Variable accumulator = slot(variable, "accumulator");
        Variable linear = slot(variable, "linear");
        Tensor old = accumulator.value();
        Tensor sum = K.add(old, K.square(gradient));
        Tensor power = K.power(sum, -learningRatePower);
        Tensor growth = K.divide(K.subtract(power, K.power(old, -learningRatePower)), rate);
        Tensor shrunk = l2ShrinkageRegularizationStrength == 0
                ? gradient
                : K.add(gradient, K.multiply(2 * l2ShrinkageRegularizationStrength, variable.value()));
        assignAdd(linear, K.subtract(shrunk, K.multiply(growth, variable.value())));
        Tensor l2 = K.add(K.divide(beta, K.multiply(2.0, rate)), l2RegularizationStrength);
        Tensor quadratic = K.add(K.divide(power, rate), K.multiply(2.0, l2));
        Tensor clipped = K.clip(linear.value(), -l1RegularizationStrength, l1RegularizationStrength);
        variable.assign(K.divide(K.subtract(clipped, linear.value()), quadratic));
        accumulator.assign(sum);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("learning_rate_power", learningRatePower);
        config.put("initial_accumulator_value", initialAccumulatorValue);
        config.put("l1_regularization_strength", l1RegularizationStrength);
        config.put("l2_regularization_strength", l2RegularizationStrength);
        config.put("l2_shrinkage_regularization_strength", l2ShrinkageRegularizationStrength);
        config.put("beta", beta);
        return config;
    }
}

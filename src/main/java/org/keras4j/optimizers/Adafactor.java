package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/**
 * Adam with the squared gradients of a matrix kept as one row and one column (Shazeer and Stern 2018). The last two
 * axes are those of the matrix; vectors are kept whole.
 */
public final class Adafactor extends BaseOptimizer<Adafactor> {
    private double beta2Decay = -0.8;
    private double epsilon1 = 1e-30;
    private double epsilon2 = 1e-3;
    private double clipThreshold = 1.0;
    private boolean relativeStep = true;

    public Adafactor() {
        super(0.001);
    }

    public Adafactor(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Adafactor(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets how fast the average squared gradient comes to stay, as a power of the step; negative. */
    public Adafactor beta2Decay(double beta2Decay) {
        this.beta2Decay = beta2Decay;
        return this;
    }

    /** Sets what is added to squared gradients. */
    public Adafactor epsilon1(double epsilon1) {
        this.epsilon1 = epsilon1;
        return this;
    }

    /** Sets the least size of a variable that steps are in proportion to. */
    public Adafactor epsilon2(double epsilon2) {
        this.epsilon2 = epsilon2;
        return this;
    }

    /** Sets the root mean square that a step is shortened to. */
    public Adafactor clipThreshold(double clipThreshold) {
        this.clipThreshold = clipThreshold;
        return this;
    }

    /** Says whether the learning rate falls with the root of the step. */
    public Adafactor relativeStep(boolean relativeStep) {
        this.relativeStep = relativeStep;
        return this;
    }

    @Override
    protected Adafactor self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        for (Variable v : variables) {
            keepSlot(v, "r", factor(v, v.shape().rank() - 1));
            keepSlot(v, "c", factor(v, v.shape().rank() - 2));
            addSlot(v, "velocity", 0);
        }
    }

    /** Makes the mean over an axis; a placeholder for a vector, since Keras has one in its files. */
    private Variable factor(Variable v, int axis) {
        if (v.shape().rank() < 2) return addVariable(v.name(), DType.INT32, Shape.SCALAR, () -> NDArray.of(0));
        Shape shape = v.shape().without(axis);
        return addVariable(v.name(), v.dtype(), shape, () -> NDArray.zeros(v.dtype(), shape));
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Tensor falling = step.shared("falling", () -> K.divide(1.0, K.sqrt(step.number())));
        // With relative steps the rate is cut off as well, which leaves this minimum as it is.
        Tensor rate = step.shared("rate", () -> K.minimum(step.learningRate(), falling));
        Tensor stays = step.shared("stays", () -> K.subtract(1.0, K.power(step.number(), beta2Decay)));
        Tensor square = K.add(K.square(gradient), epsilon1);
        Variable velocity = slot(variable, "velocity");
        if (variable.shape().rank() < 2) velocity.assign(average(stays, velocity, square));
        else {
            Variable r = slot(variable, "r");
            Variable c = slot(variable, "c");
            r.assign(average(stays, r, K.mean(square, -1)));
            c.assign(average(stays, c, K.mean(square, -2)));
            Tensor rows = K.divide(r.value(), K.mean(r.value(), -1, true));
            velocity.assign(K.multiply(K.expandDims(rows, -1), K.expandDims(c.value(), -2)));
        }
        Tensor change = K.divide(gradient, K.sqrt(velocity.value()));
        Tensor clipped = K.divide(change, K.maximum(K.divide(rms(change), clipThreshold), 1.0));
        Tensor size = K.maximum(rms(variable.value()), epsilon2);
        assignSub(variable, K.multiply(K.multiply(size, rate), clipped));
    }

    private static Tensor average(Tensor stays, Variable average, Tensor x) {
        return K.add(K.multiply(stays, average.value()), K.multiply(K.subtract(1.0, stays), x));
    }

    private static Tensor rms(Tensor x) {
        return K.sqrt(K.mean(K.square(x)));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("beta_2_decay", beta2Decay);
        config.put("epsilon_1", epsilon1);
        config.put("epsilon_2", epsilon2);
        config.put("clip_threshold", clipThreshold);
        config.put("relative_step", relativeStep);
        return config;
    }
}

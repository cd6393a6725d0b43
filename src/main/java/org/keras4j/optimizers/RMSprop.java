package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Gradient descent divided by a moving root mean square of the gradient (Tieleman and Hinton 2012). */
public final class RMSprop extends BaseOptimizer<RMSprop> {
    private double rho = 0.9;
    private double momentum = 0.0;
    private double epsilon = 1e-7;
    private boolean centered = false;

    public RMSprop() {
        super(0.001);
    }

    public RMSprop(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public RMSprop(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the average squared gradient that stays at each step. */
    public RMSprop rho(double rho) {
        this.rho = rho;
        return this;
    }

    /** Sets the part of the last change that is made again. */
    public RMSprop momentum(double momentum) {
        requireFresh();
        this.momentum = momentum;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public RMSprop epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    /** Says whether to divide by the deviation instead of the root mean square. */
    public RMSprop centered(boolean centered) {
        requireFresh();
        this.centered = centered;
        return this;
    }

    @Override
    protected RMSprop self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "velocity");
        if (momentum > 0) addSlots(variables, "momentum");
        if (centered) addSlots(variables, "average_gradient");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable velocity = slot(variable, "velocity");
        velocity.assign(K.add(K.multiply(rho, velocity.value()), K.multiply(1 - rho, K.square(gradient))));
        Tensor denominator = velocity.value();
        if (centered) {
            Variable average = slot(variable, "average_gradient");
            average.assign(K.add(K.multiply(rho, average.value()), K.multiply(1 - rho, gradient)));
            denominator = K.subtract(denominator, K.square(average.value()));
        }
        Tensor root = K.sqrt(K.add(denominator, epsilon));
        Tensor change = K.divide(K.multiply(step.learningRate(), gradient), root);
        if (momentum > 0) {
            Variable m = slot(variable, "momentum");
            m.assign(K.add(K.multiply(momentum, m.value()), change));
            change = m.value();
        }
        assignSub(variable, change);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("rho", rho);
        config.put("momentum", momentum);
        config.put("epsilon", epsilon);
        config.put("centered", centered);
        return config;
    }
}

package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Gradient descent with steps as long as the average of the last ones (Zeiler 2012). */
public final class Adadelta extends BaseOptimizer<Adadelta> {
    private double rho = 0.95;
    private double epsilon = 1e-7;

    public Adadelta() {
        super(0.001);
    }

    public Adadelta(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Adadelta(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the averages that stays at each step. */
    public Adadelta rho(double rho) {
        this.rho = rho;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public Adadelta epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected Adadelta self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "accumulated_grad", "accumulated_delta_var");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable squares = slot(variable, "accumulated_grad");
        Variable changes = slot(variable, "accumulated_delta_var");
        squares.assign(average(squares, gradient));
        Tensor change = K.negative(K.divide(K.multiply(rms(changes), gradient), rms(squares)));
        changes.assign(average(changes, change));
        assignAdd(variable, K.multiply(step.learningRate(), change));
    }

    private Tensor average(Variable sum, Tensor x) {
        return K.add(K.multiply(rho, sum.value()), K.multiply(1 - rho, K.square(x)));
    }

    private Tensor rms(Variable x) {
        return K.sqrt(K.add(x.value(), epsilon));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("rho", rho);
        config.put("epsilon", epsilon);
        return config;
    }
}

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
import org.keras4j.utils.Names;

/** Adam with Nesterov's momentum (Dozat 2015). */
public final class Nadam extends BaseOptimizer<Nadam> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-7;
    private Variable product = new Variable("variable", NDArray.of(1.0f));

    public Nadam() {
        super(0.001);
    }

    public Nadam(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Nadam(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets the part of the average gradient that stays at each step. */
    public Nadam beta1(double beta1) {
        this.beta1 = beta1;
        return this;
    }

    /** Sets the part of the average squared gradient that stays at each step. */
    public Nadam beta2(double beta2) {
        this.beta2 = beta2;
        return this;
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public Nadam epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    @Override
    protected Nadam self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "momentum", "velocity");
        DType dtype = variables.getFirst().dtype();
        // Keras gives it no name of its own; files know it by its place only.
        product =
                addVariable(Names.unique("variable"), dtype, Shape.SCALAR, () -> NDArray.full(dtype, Shape.SCALAR, 1));
    }

    /** Multiplies the momenta so far, as the correction of a momentum that grows needs. */
    @Override
    protected void beginStep(Step step) {
        Tensor number = K.cast(step.number(), product.dtype());
        product.assign(K.multiply(product.value(), momentum(number)));
    }

    private Tensor momentum(Tensor number) {
        return K.multiply(beta1, K.subtract(1.0, K.multiply(0.5, K.power(0.96, number))));
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Tensor now = step.shared("now", () -> momentum(step.number()));
        Tensor next = step.shared("next", () -> momentum(K.add(step.number(), 1)));
        Tensor products = step.shared("products", () -> K.cast(product.value(), variable.dtype()));
        Variable m = slot(variable, "momentum");
        Variable v = slot(variable, "velocity");
        assignAverage(m, beta1, gradient);
        assignAverage(v, beta2, K.square(gradient));
        Tensor ahead = K.divide(K.multiply(next, m.value()), K.subtract(1.0, K.multiply(products, next)));
        Tensor fresh = K.divide(K.multiply(K.subtract(1.0, now), gradient), K.subtract(1.0, products));
        Tensor root = K.sqrt(K.divide(v.value(), step.correction(beta2)));
        Tensor change = K.multiply(K.add(ahead, fresh), step.learningRate());
        assignSub(variable, K.divide(change, K.add(root, epsilon)));
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

package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

/**
 * What Adam and AdamW have in common: adaptive moments (Kingma and Ba 2014).
 *
 * @param <S> the optimizer itself
 */
abstract class BaseAdam<S extends BaseAdam<S>> extends BaseOptimizer<S> {
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-7;
    private boolean amsgrad = false;

    BaseAdam() {
        super(0.001);
    }

    /** Sets the part of the average gradient that stays at each step. */
    public S beta1(double beta1) {
        this.beta1 = beta1;
        return self();
    }

    /** Sets the part of the average squared gradient that stays at each step. */
    public S beta2(double beta2) {
        this.beta2 = beta2;
        return self();
    }

    /** Sets what is added to the divisor so that it is never zero. */
    public S epsilon(double epsilon) {
        this.epsilon = epsilon;
        return self();
    }

    /** Says whether to divide by the greatest average so far (Reddi et al. 2018). */
    public S amsgrad(boolean amsgrad) {
        requireFresh();
        this.amsgrad = amsgrad;
        return self();
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        addSlots(variables, "momentum", "velocity");
        if (amsgrad) addSlots(variables, "velocity_hat");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable m = slot(variable, "momentum");
        Variable v = slot(variable, "velocity");
        assignAverage(m, beta1, gradient);
        assignAverage(v, beta2, K.square(gradient));
        Tensor second = v.value();
        if (amsgrad) {
            Variable greatest = slot(variable, "velocity_hat");
            greatest.assign(K.maximum(greatest.value(), second));
            second = greatest.value();
        }
        Tensor change = K.multiply(m.value(), step.adamRate(beta1, beta2));
        assignSub(variable, K.divide(change, K.add(K.sqrt(second), epsilon)));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
        config.put("amsgrad", amsgrad);
        return config;
    }
}

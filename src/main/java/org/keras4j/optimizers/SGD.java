package org.keras4j.optimizers;

import java.util.List;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/** Gradient descent with momentum (Sutskever et al. 2013). */
public final class SGD extends BaseOptimizer<SGD> {
    private double momentum = 0.0;
    private boolean nesterov = false;

    public SGD() {
        super(0.01);
    }

    public SGD(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public SGD(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    public SGD(double learningRate, double momentum) {
        this(learningRate);
        momentum(momentum);
    }

    public SGD(double learningRate, double momentum, boolean nesterov) {
        this(learningRate, momentum);
        nesterov(nesterov);
    }

    /** Sets the part of the last change that is made again, from 0 to 1. */
    public SGD momentum(double momentum) {
        requireFresh();
        if (!(momentum >= 0 && momentum <= 1))
            throw new IllegalArgumentException("SGD: expected momentum from 0 to 1, got " + momentum);
        this.momentum = momentum;
        return this;
    }

    /** Says whether to use Nesterov's momentum. */
    public SGD nesterov(boolean nesterov) {
        this.nesterov = nesterov;
        return this;
    }

    @Override
    protected SGD self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        if (momentum != 0) addSlots(variables, "momentum");
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Tensor change = K.multiply(gradient, step.learningRate());
        if (momentum == 0) {
            assignSub(variable, change);
            return;
        }
        Variable m = slot(variable, "momentum");
        m.assign(K.subtract(K.multiply(m.value(), momentum), change));
        if (nesterov) assignAdd(variable, K.subtract(K.multiply(m.value(), momentum), change));
        else assignAdd(variable, m.value());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("momentum", momentum);
        config.put("nesterov", nesterov);
        return config;
    }
}

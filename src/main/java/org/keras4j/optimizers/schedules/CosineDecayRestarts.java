package org.keras4j.optimizers.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/**
 * Goes down as half a cosine again and again (Loshchilov and Hutter 2016); each period has {@code tMul} times the steps
 * and {@code mMul} times the rate of the one before.
 */
public final class CosineDecayRestarts implements LearningRateSchedule {
    private final double initialLearningRate;
    private final double firstDecaySteps;
    private double tMul = 2;
    private double mMul = 1;
    private double alpha = 0;
    private String name = "SGDRDecay";

    public CosineDecayRestarts(double initialLearningRate, double firstDecaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.firstDecaySteps = Schedules.positive("CosineDecayRestarts", "first_decay_steps", firstDecaySteps);
    }

    public CosineDecayRestarts tMul(double tMul) {
        this.tMul = tMul;
        return this;
    }

    public CosineDecayRestarts mMul(double mMul) {
        this.mMul = mMul;
        return this;
    }

    /** Sets the last rate as a part of the initial one. */
    public CosineDecayRestarts alpha(double alpha) {
        this.alpha = alpha;
        return this;
    }

    public CosineDecayRestarts name(String name) {
        this.name = name;
        return this;
    }

    @Override
    public Tensor call(Tensor step) {
        Tensor fraction = K.divide(K.cast(step, K.floatx()), firstDecaySteps);
        Tensor period;
        if (tMul == 1) {
            period = K.floor(fraction);
            fraction = K.subtract(fraction, period);
        } else {
            Tensor growth = K.log(K.subtract(1.0, K.multiply(fraction, 1 - tMul)));
            period = K.floor(K.divide(growth, (float) Math.log(tMul)));
            Tensor length = K.power(tMul, period);
            Tensor before = K.divide(K.subtract(1.0, length), 1 - tMul);
            fraction = K.divide(K.subtract(fraction, before), length);
        }
        Tensor cosine = K.add(1.0, K.cos(K.multiply(Math.PI, fraction)));
        Tensor decayed = K.multiply(K.multiply(0.5, K.power(mMul, period)), cosine);
        return K.multiply(initialLearningRate, K.add(K.multiply(1 - alpha, decayed), alpha));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("initial_learning_rate", initialLearningRate);
        config.put("first_decay_steps", Schedules.count(firstDecaySteps));
        config.put("t_mul", tMul);
        config.put("m_mul", mMul);
        config.put("alpha", alpha);
        config.put("name", name);
        return config;
    }
}

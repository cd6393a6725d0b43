package org.keras4j.optimizers;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** The scalars that all variables of one dtype share in one step of an optimizer. */
public final class Step {
    private final Tensor number;
    private final Tensor learningRate;
    private final Map<String, Tensor> shared = new HashMap<>();

    private Step(Tensor number, Tensor learningRate) {
        this.number = number;
        this.learningRate = learningRate;
    }

    static Step of(DType dtype, Tensor iterations, Tensor learningRate) {
        return new Step(K.cast(K.add(iterations, 1), dtype), K.cast(learningRate, dtype));
    }

    /** Returns the number of the step, from 1 on, as a float. */
    public Tensor number() {
        return number;
    }

    public Tensor learningRate() {
        return learningRate;
    }

    /** Makes a scalar once and returns it whenever the step is asked for that name. */
    public Tensor shared(String name, Supplier<Tensor> scalar) {
        Tensor known = shared.get(name);
        if (known == null) {
            known = scalar.get();
            shared.put(name, known);
        }
        return known;
    }

    /** Returns {@code 1 - beta ^ number}, by which a moving average that started at zero is too small. */
    Tensor correction(double beta) {
        return shared("correction " + beta, () -> K.subtract(1.0, K.power(beta, number)));
    }

    /** Returns Adam's step size, learning rate and both corrections together. */
    Tensor adamRate(double beta1, double beta2) {
        return shared(
                "adam " + beta1 + " " + beta2,
                () -> K.divide(K.multiply(learningRate, K.sqrt(correction(beta2))), correction(beta1)));
    }
}

package org.keras4j.distillation;

import java.util.Objects;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.KLDivergence;
import org.keras4j.losses.Loss;
import org.keras4j.losses.Losses;
import org.keras4j.ops.K;

/**
 * Compares the outputs before softmax, both divided by a temperature. With the Kullback-Leibler divergence, softmax
 * comes after, and the loss is multiplied by the temperature's square. G. Hinton, O. Vinyals and J. Dean, "Distilling
 * the knowledge in a neural network" (2015).
 *
 * <p>Keras 3.15 does so if it is given {@code KLDivergence()}; its default, the same loss by name, leaves softmax out
 * there.
 */
public final class LogitsDistillation extends DistillationLoss {
    private double temperature = 3;
    private Loss loss = new KLDivergence();

    public LogitsDistillation() {}

    /** Sets what outputs are divided by. */
    public LogitsDistillation(double temperature) {
        temperature(temperature);
    }

    /** Sets what outputs are divided by; 3 if not set. */
    public LogitsDistillation temperature(double temperature) {
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature must be positive, got " + temperature);
        this.temperature = temperature;
        return this;
    }

    /** Sets the loss, an object or its name; {@code "kl_divergence"} if not set. */
    public LogitsDistillation loss(Object loss) {
        this.loss = Objects.requireNonNull(Losses.get(loss));
        return this;
    }

    @Override
    public Tensor computeLoss(Tensor teacher, Tensor student) {
        Tensor t = K.divide(teacher, temperature);
        Tensor s = K.divide(student, temperature);
        if (!(loss instanceof KLDivergence)) return K.mean(loss.call(t, s));
        return K.multiply(K.mean(loss.call(K.softmax(t, -1), K.softmax(s, -1))), temperature * temperature);
    }
}

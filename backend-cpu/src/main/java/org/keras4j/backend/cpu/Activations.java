package org.keras4j.backend.cpu;

import org.keras4j.backend.cpu.kernels.Activation;

/** Names the kernels' activation functions by the graph's. */
final class Activations {
    private Activations() {}

    static Activation of(org.keras4j.op.Activation activation) {
        return switch (activation) {
            case LINEAR -> Activation.NONE;
            case RELU -> Activation.RELU;
            case SIGMOID -> Activation.SIGMOID;
            case TANH -> Activation.TANH;
        };
    }
}

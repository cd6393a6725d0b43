package org.keras4j.op;

/** The functions that a fused operation may apply to its result. */
public enum Activation {
    LINEAR,
    RELU,
    SIGMOID,
    TANH
}

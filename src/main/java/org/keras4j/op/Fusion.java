package org.keras4j.op;

/**
 * The fused operations: each can be written in primitives (see {@code Decompose}), so a backend may leave it. Softmax,
 * LogSoftmax and LayerNorm are made by users' calls; the epilogues are found by the planner.
 */
public sealed interface Fusion {
    /** Softmax over the last axis. */
    record Softmax() implements Fusion {}

    /** Log-softmax over the last axis. */
    record LogSoftmax() implements Fusion {}

    /** Inputs y = softmax(x) and dy: {@code y * (dy - sum(y * dy))} over the last axis. */
    record SoftmaxGradient() implements Fusion {}

    /** Inputs x[..., n], gamma[n], beta[n]: {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}, last axis. */
    record LayerNorm(double epsilon) implements Fusion {}

    /**
     * {@code activation(dot + bias)}; inputs a, b, and a bias of shape (n,) if {@code bias}.
     */
    record DotEpilogue(Op.Dot dot, boolean bias, Activation activation) implements Fusion {}

    /** {@code activation(conv + bias)}; inputs x, kernel, and a bias of shape (out,) if {@code bias}. */
    record ConvEpilogue(Op.Conv conv, boolean bias, Activation activation) implements Fusion {}
}

package org.keras4j.op;

import org.keras4j.Shape;

/**
 * The fused operations: each can be written in primitives (see {@code Decompose}), so a backend may leave it. Softmax,
 * LogSoftmax, LayerNorm and Attention are made by users' calls; the epilogues are found by the planner; BatchNorm and
 * Recurrence are made by layers for a backend that says that it has them.
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

    /**
     * Cross-entropy of rows with class numbers as labels. Inputs p[m, n] and int32 label[m]; the result [m] is
     * {@code log sum e^p - p[label]} of logits, or {@code -log q} with the share {@code q = p[label] / sum p}, kept
     * {@code epsilon} away from 0 and 1. A label that is no class gives 0.
     */
    record SparseCrossentropy(boolean fromLogits, double epsilon) implements Fusion {}

    /** The gradient of {@link SparseCrossentropy} for p: inputs p, label, dy[m]; result of p's shape. */
    record SparseCrossentropyGradient(boolean fromLogits, double epsilon) implements Fusion {}

    /**
     * A step of {@code LSTM}. Inputs x[b, 4u], r[b, 4u], c[b, u]; with the gates' arguments i, f, g, o side by side in
     * {@code x + r} and s the sigmoid, {@code c' = s(f) c + s(i) tanh(g)} and {@code h = s(o) tanh(c')}. Results h, c'
     * [b, u].
     */
    record LstmCell() implements Fusion {}

    /** The gradient of {@link LstmCell}: inputs x, r, c, dh, dc'; results the gradient of {@code x + r}, dc. */
    record LstmCellGradient() implements Fusion {}

    /**
     * A step of {@code GRU} whose reset gate acts after the product. Inputs x[b, 3u], r[b, 3u], h[b, u], with the update
     * gate z, the reset gate and the candidate side by side; with s the sigmoid, {@code z = s(x0 + r0)},
     * {@code c = tanh(x2 + s(x1 + r1) r2)} and the result {@code z h + (1 - z) c} [b, u].
     */
    record GruCell() implements Fusion {}

    /** The gradient of {@link GruCell}: inputs x, r, h, dy; results dx, dr, dh. */
    record GruCellGradient() implements Fusion {}

    /** The cells whose steps can be one operation. */
    enum Cell {
        /** As {@link LstmCell}. */
        LSTM(4),
        /** As {@link GruCell}. */
        GRU(3);

        private final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        /** Returns how many blocks of columns the kernels have. */
        public int gates() {
            return gates;
        }

        /** Returns how many states are carried on: the output h, and the memory c of LSTM. */
        public int states() {
            return this == LSTM ? 2 : 1;
        }
    }

    /**
     * All steps of a recurrent layer, each with {@code x kernel + bias} and {@code h recurrent} (of GRU plus the second
     * row of the bias) for the inputs of its cell. Inputs x[t, b, n], kernel[n, g u], recurrent[u, g u], bias[g u] (GRU:
     * [2, g u]), and the states h[b, u] and c[b, u] before the first step. Results: the outputs [t, b, u], the states
     * after the last step, and {@code reserve} numbers of float32 that mean something to the gradient of the backend
     * alone. With 0 of them the gradient computes the steps anew.
     */
    record Recurrence(Cell cell, int reserve) implements Fusion {}

    /**
     * The gradient of {@link Recurrence}: its inputs, its outputs and what it reserved, then the gradients of the outputs
     * and of the last states. Results: the gradients of its inputs.
     */
    record RecurrenceGradient(Cell cell, int reserve) implements Fusion {}

    /**
     * The normalization of a batch in training. Inputs x[..., n], gamma[n], beta[n]; with the mean and the variance (of
     * all, not of all but one) of each channel, {@code d = 1 / sqrt(variance + epsilon)} and
     * {@code y = (x - mean) d gamma + beta}. Results y, mean, variance, d. Where x and y have 16 bits, the rest is
     * float32, as is what is computed in between.
     */
    record BatchNorm(double epsilon) implements Fusion {}

    /** The gradient of {@link BatchNorm}: inputs x, gamma, mean, d, dy; results dx, dgamma, dbeta. */
    record BatchNormGradient(double epsilon) implements Fusion {}

    /** {@code activation(conv + bias)}; inputs x, kernel, and a bias of shape (out,) if {@code bias}. */
    record ConvEpilogue(Op.Conv conv, boolean bias, Activation activation) implements Fusion {}

    /**
     * Scaled dot-product attention of heads, computed block by block without ever holding all scores (FlashAttention,
     * Dao et al. 2022). Inputs q[b, t, h, d], k[b, s, g, d], v[b, s, g, e], where head i of the h attends to group
     * {@code i g / h}, and a bool mask that broadcasts to [b, h, t, s] if {@code mask}: true takes part. If
     * {@code causal}, a query sees no key of a greater index than its own. With the weights
     * {@code p = softmax(scale q k^T)} over the keys that are seen, the results are {@code p v} [b, t, h, e] and the
     * logarithms of the softmax's denominators [b, t, h], which the gradient takes and through which none flows; they are
     * float32 where the inputs have 16 bits.
     *
     * <p>A query that sees no key has the logarithm +infinity, and the result 0 if {@code zeroEmpty}; otherwise the mean
     * of all values.
     */
    record Attention(double scale, boolean causal, boolean mask, boolean zeroEmpty) implements Fusion {
        /** Returns how far apart the mask's neighbours along each axis lie: 0 along axes of size 1, which repeat. */
        public static int[] maskSteps(Shape mask) {
            var steps = new int[mask.rank()];
            for (int axis = steps.length - 1, step = 1; axis >= 0; axis--) {
                steps[axis] = mask.dim(axis) == 1 ? 0 : step;
                step *= mask.dim(axis);
            }
            return steps;
        }
    }

    /**
     * The gradient of {@link Attention}: its inputs, its results y and the logarithms, the gradient dy of y, and
     * {@code sum(y dy)} over the last axis, of the logarithms' type and shape; results dq, dk, dv.
     */
    record AttentionGradient(Attention forward) implements Fusion {}
}

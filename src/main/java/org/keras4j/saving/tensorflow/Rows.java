package org.keras4j.saving.tensorflow;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Node;
import org.keras4j.layers.OpLayer;

/**
 * How many rows of a tensor belong to one sample: one as a rule, more where samples were joined along the first axis, as
 * {@code tf.reshape(x, [-1, size])} does.
 *
 * @param perSample the number; null if only data tells it
 * @param joined the tensor whose axes were joined then, if that was done once
 */
record Rows(@Nullable Long perSample, @Nullable KerasTensor joined) {
    private static final int MOST_STEPS = 100_000;

    /** Follows the way on which {@code x} was made back to an input. */
    static Rows of(KerasTensor x) {
        long more = 1;
        long fewer = 1;
        KerasTensor at = x;
        for (int step = 0; step < MOST_STEPS; step++) {
            Node node = at.node();
            if (node == null || node.inputTensors().isEmpty()) break;
            KerasTensor from = node.inputTensors().getFirst();
            if (node.layer() instanceof OpLayer op && op.className().equals("Reshape")) {
                Shape before = from.shape().from(1);
                Shape after = at.shape().from(1);
                if (!before.isKnown() || !after.isKnown()) return new Rows(null, more == fewer ? from : null);
                more *= before.size();
                fewer *= after.size();
            }
            at = from;
        }
        return more % fewer == 0 ? new Rows(more / fewer, null) : new Rows(null, null);
    }
}

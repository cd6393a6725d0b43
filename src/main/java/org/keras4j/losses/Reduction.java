package org.keras4j.losses;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** How the values of the elements become one loss. */
enum Reduction {
    SUM_OVER_BATCH_SIZE,
    SUM,
    MEAN,
    MEAN_WITH_SAMPLE_WEIGHT,
    NONE;

    /** Returns the reduction of Keras's name; null means none. */
    static Reduction of(@Nullable String name) {
        if (name == null) return NONE;
        for (Reduction r : values()) if (r.keras().equals(name)) return r;
        throw new IllegalArgumentException("Unknown reduction \"" + name + "\"; known: "
                + Arrays.stream(values()).map(Reduction::keras).toList());
    }

    String keras() {
        return name().toLowerCase(Locale.ROOT);
    }

    Tensor apply(Tensor values, @Nullable Tensor weights) {
        if (this == NONE || values.rank() == 0) return values;
        if (values.rank() == 1 && values.shape().dim(0) == 0) return values;
        Tensor sum = K.sum(values);
        return switch (this) {
            case SUM, NONE -> sum;
            case SUM_OVER_BATCH_SIZE, MEAN ->
                K.divide(sum, (double) values.shape().size());
            case MEAN_WITH_SAMPLE_WEIGHT ->
                weights == null
                        ? K.divide(sum, (double) values.shape().size())
                        : Weights.divideNoNan(sum, K.sum(weights));
        };
    }
}

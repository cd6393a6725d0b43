package org.keras4j.models;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Turns weights of classes into weights of samples. */
final class ClassWeights {
    private ClassWeights() {}

    /**
     * Returns the sample weights that say the same as {@code classWeight}; a class that it does not name has weight 1.
     * Labels are class numbers, or one-hot rows.
     */
    static @Nullable Object apply(
            @Nullable Map<Integer, Double> classWeight,
            @Nullable Object sampleWeight,
            @Nullable Object y,
            List<String> outputs) {
        if (classWeight == null) return sampleWeight;
        if (sampleWeight != null)
            throw new IllegalArgumentException("Expected class_weight or sample_weight, got both");
        if (outputs.size() != 1)
            throw new IllegalArgumentException(
                    "class_weight is for models of a single output, this one has " + outputs);
        if (y == null) throw new IllegalArgumentException("class_weight needs labels");
        NDArray labels = HostArrays.of(y, outputs, "labels").getFirst();
        int classes = labels.shape().rank() > 1 ? labels.shape().last() : 1;
        var weights = new float[labels.size() / classes];
        for (int i = 0; i < weights.length; i++)
            weights[i] =
                    classWeight.getOrDefault(classOf(labels, i, classes), 1.0).floatValue();
        Shape shape =
                classes == 1 && labels.shape().rank() <= 1 || labels.shape().rank() == 2
                        ? Shape.of(weights.length)
                        : labels.shape().slice(0, labels.shape().rank() - 1);
        return NDArray.of(shape, weights);
    }

    private static int classOf(NDArray labels, int sample, int classes) {
        if (classes == 1) return (int) labels.getLong(sample);
        int best = 0;
        for (int c = 1; c < classes; c++)
            if (labels.get(sample * classes + c) > labels.get(sample * classes + best)) best = c;
        return best;
    }
}

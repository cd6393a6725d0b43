package org.keras4j.models;

import org.jspecify.annotations.Nullable;

/**
 * One batch of a data set: each part a Java array, an {@code NDArray}, or a list or map of them where the model has
 * several inputs or outputs. The first axis is the batch.
 *
 * @param x the inputs
 * @param y the labels, null for prediction
 * @param sampleWeight a weight for each sample, or null
 */
public record Batch(Object x, @Nullable Object y, @Nullable Object sampleWeight) {
    public Batch(Object x, Object y) {
        this(x, y, null);
    }
}

package org.keras4j.layers;

import org.keras4j.serialization.ConfigReader;

/** Looks up a learned vector for each index: {@code int[...] -> [..., outputDim]}. */
public final class Embedding extends BaseEmbedding<Embedding> {
    /** Takes the number of indices, from 0 to {@code inputDim} - 1, and the length of their vectors. */
    public Embedding(int inputDim, int outputDim) {
        super(inputDim, outputDim);
    }

    static Embedding fromConfig(ConfigReader config) {
        return new Embedding(config.integer("input_dim"), config.integer("output_dim")).configureEmbedding(config);
    }
}

package org.keras4j.layers;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the average over all places of {@code [batch, rows, columns, channels]}. */
public final class GlobalAveragePooling2D extends BaseGlobalPooling<GlobalAveragePooling2D> {
    public GlobalAveragePooling2D() {
        super(2);
    }

    static GlobalAveragePooling2D fromConfig(ConfigReader config) {
        return new GlobalAveragePooling2D().configurePooling(config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.mean(x, axes(), keepdims());
    }
}

package org.keras4j.layers;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element over all places of {@code [batch, rows, columns, channels]}. */
public final class GlobalMaxPooling2D extends BaseGlobalPooling<GlobalMaxPooling2D> {
    public GlobalMaxPooling2D() {
        super(2);
    }

    static GlobalMaxPooling2D fromConfig(ConfigReader config) {
        return new GlobalMaxPooling2D().configurePooling(config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.max(x, axes(), keepdims());
    }
}

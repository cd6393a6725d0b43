package org.keras4j.layers;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element over all places of {@code [batch, steps, channels]}. */
public final class GlobalMaxPooling1D extends BaseGlobalPooling<GlobalMaxPooling1D> {
    public GlobalMaxPooling1D() {
        super(1);
    }

    static GlobalMaxPooling1D fromConfig(ConfigReader config) {
        return new GlobalMaxPooling1D().configurePooling(config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.max(x, axes(), keepdims());
    }
}

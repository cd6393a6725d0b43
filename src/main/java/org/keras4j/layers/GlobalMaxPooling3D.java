package org.keras4j.layers;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the greatest element over all places of {@code [batch, depth, rows, columns, channels]}. */
public final class GlobalMaxPooling3D extends BaseGlobalPooling<GlobalMaxPooling3D> {
    public GlobalMaxPooling3D() {
        super(3);
    }

    static GlobalMaxPooling3D fromConfig(ConfigReader config) {
        return new GlobalMaxPooling3D().configurePooling(config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.max(x, axes(), keepdims());
    }
}

package org.keras4j.layers;

import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the average over all places of {@code [batch, depth, rows, columns, channels]}. */
public final class GlobalAveragePooling3D extends BaseGlobalPooling<GlobalAveragePooling3D> {
    public GlobalAveragePooling3D() {
        super(3);
    }

    static GlobalAveragePooling3D fromConfig(ConfigReader config) {
        return new GlobalAveragePooling3D().configurePooling(config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return K.mean(x, axes(), keepdims());
    }
}

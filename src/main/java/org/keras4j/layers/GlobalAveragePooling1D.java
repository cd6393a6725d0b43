package org.keras4j.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the average over the steps of {@code [batch, steps, channels]}, without those that are masked. */
public final class GlobalAveragePooling1D extends BaseGlobalPooling<GlobalAveragePooling1D> {
    public GlobalAveragePooling1D() {
        super(1);
        supportsMasking(true);
    }

    static GlobalAveragePooling1D fromConfig(ConfigReader config) {
        return new GlobalAveragePooling1D().configurePooling(config);
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "mask");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor mask = call.tensorMask();
        if (mask == null) return K.mean(x, axes(), keepdims());
        Tensor seen = K.cast(K.expandDims(mask, channelsFirst() ? 1 : 2), DType.BOOL);
        Tensor sum = K.sum(K.where(seen, x, K.zerosLike(x)), axes(), keepdims());
        return K.divide(sum, K.sum(K.cast(seen, x.dtype()), axes(), keepdims()));
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return null;
    }
}

package org.keras4j.layers;

import java.util.Arrays;
import java.util.Map;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Puts the axes after the first in another order. */
public final class Permute extends BaseLayer<Permute> {
    private final int[] dims;

    /** Takes the order of the axes, of which 1 is the first after the batch: {@code new Permute(2, 1)}. */
    public Permute(int... dims) {
        int[] sorted = dims.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++)
            if (sorted[i] != i + 1)
                throw new IllegalArgumentException(
                        "Permute: dims must hold each of 1 to " + dims.length + " once, got " + Arrays.toString(dims));
        this.dims = dims.clone();
        inputSpec(InputSpec.ofRank(dims.length + 1));
    }

    static Permute fromConfig(ConfigReader config) {
        return configure(new Permute(config.ints("dims")), config);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        var axes = new int[dims.length + 1];
        System.arraycopy(dims, 0, axes, 1, dims.length);
        return K.transpose(x, axes);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("dims", ConfigValues.list(dims));
        return config;
    }
}

package org.keras4j.layers;

import java.util.List;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the average of its inputs. */
public final class Average extends Merge<Average> {
    static Average fromConfig(ConfigReader config) {
        return configure(new Average(), config);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        Tensor sum = inputs.getFirst();
        for (Tensor x : inputs.subList(1, inputs.size())) sum = K.add(sum, x);
        return K.divide(sum, inputs.size());
    }
}

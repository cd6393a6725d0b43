package org.keras4j.layers;

import java.util.List;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the greatest of its inputs. */
public final class Maximum extends Merge<Maximum> {
    static Maximum fromConfig(ConfigReader config) {
        return configure(new Maximum(), config);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        return mergeSeen(inputs, K::maximum);
    }
}

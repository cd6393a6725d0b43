package org.keras4j.layers;

import java.util.List;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Takes the least of its inputs. */
public final class Minimum extends Merge<Minimum> {
    static Minimum fromConfig(ConfigReader config) {
        return configure(new Minimum(), config);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        return mergeSeen(inputs, K::minimum);
    }
}

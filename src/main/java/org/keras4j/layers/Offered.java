package org.keras4j.layers;

import java.util.Arrays;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;

/**
 * Asks the backend in use for fused operations that a layer makes only where they are there: written in primitives they
 * would be worth less than what the layer makes of primitives itself.
 */
final class Offered {
    private Offered() {}

    /** Says whether there is one for such inputs; never in traces for shapes alone, so that these start no backend. */
    static boolean has(Fusion fusion, Tensor... in) {
        if (HostCalls.onlyShapes()) return false;
        return Backends.current()
                .supports(fusion, Arrays.stream(in).map(Tensor::spec).toList());
    }
}

package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * Asks the backend in use for fused operations that a layer makes only where they are there: written in primitives they
 * would be worth less than what the layer makes of primitives itself.
 */
final class BackendFusions {
    private BackendFusions() {}

    /** Returns the one for all steps of a cell on such inputs, or null; in training with what its gradient needs. */
    static Fusion.@Nullable Recurrence recurrence(Fusion.Cell cell, boolean training, List<Tensor> in) {
        if (HostCalls.onlyShapes()) return null;
        List<Spec> specs = in.stream().map(Tensor::spec).toList();
        var fusion = new Fusion.Recurrence(cell, training ? Backends.current().reserve(cell, specs) : 0);
        return has(fusion, in.toArray(Tensor[]::new)) ? fusion : null;
    }

    /** Says whether there is one for such inputs; never in traces for shapes alone, so that these start no backend. */
    static boolean has(Fusion fusion, Tensor... in) {
        if (HostCalls.onlyShapes()) return false;
        return Backends.current()
                .supports(fusion, Arrays.stream(in).map(Tensor::spec).toList());
    }
}

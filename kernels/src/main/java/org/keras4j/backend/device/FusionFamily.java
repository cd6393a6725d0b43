package org.keras4j.backend.device;

import java.util.List;
import java.util.Optional;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Fused operations on rows: softmax, normalization, cells of recurrent layers. */
final class FusionFamily {
    private final DeviceContext context;

    FusionFamily(DeviceContext context) {
        this.context = context;
    }

    boolean supports(Fusion fusion, List<Spec> in) {
        return false;
    }

    Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        return Optional.empty();
    }
}

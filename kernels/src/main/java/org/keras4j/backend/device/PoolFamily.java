package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Pooling and its gradients. */
final class PoolFamily {
    private final DeviceContext context;

    PoolFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel pool(Op.Pool op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.pool(op, i.getFirst(), o.getFirst()));
    }

    Kernel gradient(Op.PoolGradient op, List<View> in, View out) {
        return context.host.prepare(in, List.of(out), (b, i, o) -> b.poolGradient(op, i, o.getFirst()));
    }
}

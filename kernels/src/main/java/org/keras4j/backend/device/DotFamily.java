package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Matrix products. */
final class DotFamily {
    private final DeviceContext context;

    DotFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel dot(Op.Dot op, View a, View b, View out) {
        return context.host.prepare(
                List.of(a, b), List.of(out), (r, i, o) -> r.dot(op, i.get(0), i.get(1), o.getFirst()));
    }
}

package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Numbers made from nothing. */
final class RandomFamily {
    private final DeviceContext context;

    RandomFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel random(Op.Random op, View seed, View out) {
        return context.host.prepare(List.of(seed), List.of(out), (b, i, o) -> b.random(op, i.getFirst(), o.getFirst()));
    }

    Kernel iota(Op.Iota op, View out) {
        return context.host.prepare(List.of(), List.of(out), (b, i, o) -> b.iota(op, o.getFirst()));
    }
}

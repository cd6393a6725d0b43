package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Reductions, arg-reductions and running totals. */
final class ReduceFamily {
    private final DeviceContext context;

    ReduceFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel reduce(Op.Reduce op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.reduce(op, i.getFirst(), o.getFirst()));
    }

    Kernel argReduce(Op.ArgReduce op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.argReduce(op, i.getFirst(), o.getFirst()));
    }

    Kernel cumulative(Op.Cumulative op, View x, View out) {
        return context.host.prepare(
                List.of(x), List.of(out), (b, i, o) -> b.cumulative(op, i.getFirst(), o.getFirst()));
    }
}

package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Gather, scatter and sort. */
final class IndexFamily {
    private final DeviceContext context;

    IndexFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel gather(Op.Gather op, View x, View indices, View out) {
        return context.host.prepare(
                List.of(x, indices), List.of(out), (b, i, o) -> b.gather(op, i.get(0), i.get(1), o.getFirst()));
    }

    Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        return context.host.prepare(
                List.of(x, indices, updates),
                List.of(out),
                (b, i, o) -> b.scatter(op, i.get(0), i.get(1), i.get(2), o.getFirst()));
    }

    Kernel sort(Op.Sort op, View x, View values, View indices) {
        return context.host.prepare(
                List.of(x), List.of(values, indices), (b, i, o) -> b.sort(op, i.getFirst(), o.get(0), o.get(1)));
    }
}

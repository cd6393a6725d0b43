package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Operations that move elements and compute nothing. */
final class ShapeFamily {
    private final DeviceContext context;

    ShapeFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel transpose(Op.Transpose op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.transpose(op, i.getFirst(), o.getFirst()));
    }

    Kernel slice(Op.Slice op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.slice(op, i.getFirst(), o.getFirst()));
    }

    Kernel flip(Op.Flip op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.flip(op, i.getFirst(), o.getFirst()));
    }

    Kernel pad(Op.Pad op, View x, View out) {
        return context.host.prepare(List.of(x), List.of(out), (b, i, o) -> b.pad(op, i.getFirst(), o.getFirst()));
    }

    Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        return context.host.prepare(in, List.of(out), (b, i, o) -> b.concatenate(op, i, o.getFirst()));
    }
}

package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Convolutions and their gradients. */
final class ConvFamily {
    private final DeviceContext context;

    ConvFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel conv(Op.Conv op, View x, View kernel, View out) {
        return context.host.prepare(
                List.of(x, kernel), List.of(out), (b, i, o) -> b.conv(op, i.get(0), i.get(1), o.getFirst()));
    }

    Kernel inputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        return context.host.prepare(
                List.of(dy, kernel),
                List.of(out),
                (b, i, o) -> b.convInputGradient(op, i.get(0), i.get(1), o.getFirst()));
    }

    Kernel kernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        return context.host.prepare(
                List.of(x, dy), List.of(out), (b, i, o) -> b.convKernelGradient(op, i.get(0), i.get(1), o.getFirst()));
    }
}

package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** Elementwise groups: one generated kernel for each expression. */
final class ElementwiseFamily {
    private final DeviceContext context;

    ElementwiseFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel elementwise(Expression expression, List<View> in, List<View> out) {
        return context.host.prepare(in, out, (b, i, o) -> b.elementwise(expression, i, o));
    }
}

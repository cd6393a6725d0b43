package org.keras4j.backend.device;

import java.util.List;
import java.util.function.Function;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;

/** Matrix products, with a bias and an activation if wanted. */
final class DotFamily {
    private final DeviceContext context;
    private final Function<Product, Kernel> products;

    DotFamily(DeviceContext context) {
        this.context = context;
        products = context.traits.cpu() ? new StripProducts(context)::prepare : new TileProducts(context)::prepare;
    }

    Kernel dot(Op.Dot op, View a, View b, View out) {
        if (!supports(out.dtype()))
            return context.host.prepare(
                    List.of(a, b), List.of(out), (r, i, o) -> r.dot(op, i.get(0), i.get(1), o.getFirst()));
        return prepare(Product.of(op, a, b, null, Activation.LINEAR, out));
    }

    /** Prepares {@code activation(dot + bias)} of a dtype that {@link #supports} said yes to. */
    Kernel epilogue(Fusion.DotEpilogue fusion, List<View> in, View out) {
        View bias = fusion.bias() ? in.get(2) : null;
        return prepare(Product.of(fusion.dot(), in.get(0), in.get(1), bias, fusion.activation(), out));
    }

    /** Says whether the kernels read and write 16 bits. */
    boolean takesHalves() {
        return !context.traits.cpu();
    }

    boolean supports(DType dtype) {
        return dtype != DType.BOOL && (dtype.storage() != Storage.DOUBLE || context.traits.doubles());
    }

    private Kernel prepare(Product product) {
        if (product.out().size() == 0) return () -> {};
        return products.apply(product);
    }
}

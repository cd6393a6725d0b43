package org.keras4j.backend.device;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Convolutions and their gradients. */
final class ConvFamily {
    private final DeviceContext context;
    private final DirectConv direct;
    private final TileConv tiles;
    private final DepthwiseConv depthwise;
    private final GemmConv products;
    private final WinogradSlabs winogradSlabs;
    private final WinogradProducts winogradProducts;

    ConvFamily(DeviceContext context) {
        this.context = context;
        this.direct = new DirectConv(context);
        this.tiles = new TileConv(context, direct);
        this.depthwise = new DepthwiseConv(context, direct);
        this.products = new GemmConv(context, direct);
        this.winogradSlabs = new WinogradSlabs(context);
        this.winogradProducts = new WinogradProducts(context);
    }

    Kernel conv(Op.Conv op, View x, View kernel, View out) {
        if (!ElementMacros.known(context.traits, out.dtype()))
            return context.host.prepare(
                    List.of(x, kernel), List.of(out), (b, i, o) -> b.conv(op, i.get(0), i.get(1), o.getFirst()));
        return forward(op.window(), x, kernel, null, out, Activation.LINEAR);
    }

    /** Says whether the kernels read and write 16 bits. */
    boolean takesHalves() {
        return !context.traits.cpu();
    }

    /** Says whether {@link #epilogue} takes values of this type. */
    boolean supportsEpilogue(DType dtype) {
        return dtype.isFloating() && ElementMacros.known(context.traits, dtype);
    }

    /** Prepares {@code activation(conv(x, kernel) + bias)}. */
    Kernel epilogue(Fusion.ConvEpilogue fusion, List<View> in, View out) {
        View bias = fusion.bias() ? in.get(2) : null;
        return forward(fusion.conv().window(), in.get(0), in.get(1), bias, out, fusion.activation());
    }

    private Kernel forward(Window window, View x, View kernel, @Nullable View bias, View out, Activation activation) {
        if (out.size() == 0) return () -> {};
        var g = ConvGeometry.of(window, x.shape(), kernel.shape(), out.shape());
        if (isForDepthwise(g, out)) return depthwise.forward(g, x, kernel, bias, out, activation);
        Kernel fewer = context.traits.cpu()
                ? winogradSlabs.forward(g, x, kernel, bias, out, activation)
                : winogradProducts.forward(g, x, kernel, bias, out, activation);
        if (fewer != null) return fewer;
        Kernel fast = context.traits.cpu()
                ? tiles.forward(g, x, kernel, bias, out, activation)
                : products.forward(g, x, kernel, bias, out, activation);
        return fast != null ? fast : direct.forward(g, x, kernel, bias, out, activation);
    }

    Kernel inputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        if (isForHost(out))
            return context.host.prepare(
                    List.of(dy, kernel),
                    List.of(out),
                    (b, i, o) -> b.convInputGradient(op, i.get(0), i.get(1), o.getFirst()));
        if (out.size() == 0) return () -> {};
        var g = ConvGeometry.of(op.window(), out.shape(), kernel.shape(), dy.shape());
        if (isForDepthwise(g, out)) return depthwise.inputGradient(g, dy, kernel, out);
        Kernel fewer = context.traits.cpu()
                ? winogradSlabs.inputGradient(g, dy, kernel, out)
                : winogradProducts.inputGradient(g, dy, kernel, out);
        if (fewer != null) return fewer;
        Kernel fast = context.traits.cpu()
                ? tiles.inputGradient(g, dy, kernel, out)
                : products.inputGradient(g, dy, kernel, out);
        return fast != null ? fast : direct.inputGradient(g, dy, kernel, out);
    }

    Kernel kernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        if (isForHost(out))
            return context.host.prepare(
                    List.of(x, dy),
                    List.of(out),
                    (b, i, o) -> b.convKernelGradient(op, i.get(0), i.get(1), o.getFirst()));
        if (out.size() == 0) return () -> {};
        var g = ConvGeometry.of(op.window(), x.shape(), out.shape(), dy.shape());
        if (isForDepthwise(g, out)) return depthwise.kernelGradient(g, x, dy, out);
        Kernel fewer = context.traits.cpu()
                ? winogradSlabs.kernelGradient(g, x, dy, out)
                : winogradProducts.kernelGradient(g, x, dy, out);
        if (fewer != null) return fewer;
        Kernel fast =
                context.traits.cpu() ? tiles.kernelGradient(g, x, dy, out) : products.kernelGradient(g, x, dy, out);
        return fast != null ? fast : direct.kernelGradient(g, x, dy, out);
    }

    /** On a GPU the direct kernels are right for these: neighbours read neighbouring channels. */
    private boolean isForDepthwise(ConvGeometry g, View out) {
        return context.traits.cpu() && DepthwiseConv.fits(g, out.dtype());
    }

    /** There are gradients of floats only; the host's kernels refuse others. */
    private boolean isForHost(View out) {
        return !out.dtype().isFloating() || !ElementMacros.known(context.traits, out.dtype());
    }
}

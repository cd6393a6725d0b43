package org.keras4j.backend.reference;

import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Convolution and its two gradients: the same products, summed by output, by input and by kernel element. */
final class ReferenceConv {
    private ReferenceConv() {}

    static Kernel conv(Op.Conv op, View x, View kernel, View out) {
        var loop = new ConvLoop(op.window(), x.shape(), kernel.shape(), out.shape());
        Elements input = Elements.of(x);
        Elements weights = Elements.of(kernel);
        Elements target = Elements.of(out);
        if (!out.dtype().isFloating()) {
            return () -> {
                long[] a = input.longs();
                long[] w = weights.longs();
                var y = new long[target.size];
                loop.run((i, k, o, count) -> {
                    for (int c = 0; c < count; c++) y[o + c] += a[i] * w[k + c];
                });
                target.store(y);
            };
        }
        return () -> {
            double[] a = input.doubles();
            double[] w = weights.doubles();
            var y = new double[target.size];
            loop.run((i, k, o, count) -> {
                for (int c = 0; c < count; c++) y[o + c] += a[i] * w[k + c];
            });
            target.store(y);
        };
    }

    static Kernel inputGradient(Op.ConvInputGradient op, View dy, View kernel, View out) {
        var loop = new ConvLoop(op.window(), op.x(), kernel.shape(), dy.shape());
        Elements gradient = Elements.of(dy);
        Elements weights = Elements.of(kernel);
        Elements target = floating(out);
        return () -> {
            double[] g = gradient.doubles();
            double[] w = weights.doubles();
            var dx = new double[target.size];
            loop.run((i, k, o, count) -> {
                for (int c = 0; c < count; c++) dx[i] += g[o + c] * w[k + c];
            });
            target.store(dx);
        };
    }

    static Kernel kernelGradient(Op.ConvKernelGradient op, View x, View dy, View out) {
        Shape kernel = op.kernel();
        var loop = new ConvLoop(op.window(), x.shape(), kernel, dy.shape());
        Elements input = Elements.of(x);
        Elements gradient = Elements.of(dy);
        Elements target = floating(out);
        return () -> {
            double[] a = input.doubles();
            double[] g = gradient.doubles();
            var dw = new double[target.size];
            loop.run((i, k, o, count) -> {
                for (int c = 0; c < count; c++) dw[k + c] += g[o + c] * a[i];
            });
            target.store(dw);
        };
    }

    private static Elements floating(View out) {
        if (!out.dtype().isFloating())
            throw new IllegalArgumentException("A gradient of Conv: expected a floating dtype, got " + out.dtype());
        return Elements.of(out);
    }
}

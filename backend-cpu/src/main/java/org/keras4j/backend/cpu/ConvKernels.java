package org.keras4j.backend.cpu;

import static org.keras4j.backend.cpu.DotKernel.floats;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.ConvInputGradient;
import org.keras4j.backend.cpu.kernels.ConvKernelGradient;
import org.keras4j.backend.cpu.kernels.ConvShape;
import org.keras4j.backend.cpu.kernels.Convolution;
import org.keras4j.backend.cpu.kernels.Depthwise;
import org.keras4j.backend.cpu.kernels.DepthwiseGradients;
import org.keras4j.backend.cpu.kernels.Epilogue;
import org.keras4j.backend.cpu.kernels.Pooling;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Prepares float32 convolutions, pooling and their gradients. */
final class ConvKernels {
    private static final float[] NO_BIAS = new float[0];

    private ConvKernels() {}

    static Kernel forward(
            WorkPool pool,
            PackedWeights weightCache,
            Window window,
            View x,
            View kernel,
            @Nullable View bias,
            View out,
            Epilogue epilogue) {
        ConvShape shape = shape(window, x.shape(), kernel.shape(), out.shape());
        float[] from = floats(x);
        float[] weights = floats(kernel);
        float[] row = bias == null ? NO_BIAS : floats(bias);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int ko = (int) kernel.offset();
        int bo = bias == null ? 0 : (int) bias.offset();
        int yo = (int) out.offset();
        if (shape.isDepthwise()) {
            var conv = new Depthwise(pool, shape, epilogue);
            return () -> conv.run(from, xo, weights, ko, row, bo, to, yo);
        }
        var conv = new Convolution(pool, shape, epilogue);
        Memory memory = kernel.memory();
        PackedWeights.@Nullable Packed packed =
                weightCache.of(kernel, conv.layout(), conv.packedSize(), panels -> conv.pack(weights, ko, panels, 0));
        if (packed == null) return () -> conv.run(from, xo, weights, ko, row, bo, to, yo);
        return () -> {
            float[] panels = packed.acquire(memory.version());
            if (panels == null) {
                conv.run(from, xo, weights, ko, row, bo, to, yo);
                return;
            }
            conv.runPacked(from, xo, panels, 0, row, bo, to, yo);
            packed.release(panels);
        };
    }

    static Kernel inputGradient(WorkPool pool, Window window, View dy, View kernel, View out) {
        ConvShape shape = shape(window, out.shape(), kernel.shape(), dy.shape());
        float[] from = floats(dy);
        float[] weights = floats(kernel);
        float[] to = floats(out);
        int yo = (int) dy.offset();
        int ko = (int) kernel.offset();
        int xo = (int) out.offset();
        if (shape.isDepthwise()) {
            var conv = new DepthwiseGradients(pool, shape);
            return () -> conv.input(from, yo, weights, ko, to, xo);
        }
        var conv = new ConvInputGradient(pool, shape);
        return () -> conv.run(from, yo, weights, ko, to, xo);
    }

    static Kernel kernelGradient(WorkPool pool, Window window, View x, View dy, View out) {
        ConvShape shape = shape(window, x.shape(), out.shape(), dy.shape());
        float[] from = floats(x);
        float[] gradient = floats(dy);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int yo = (int) dy.offset();
        int wo = (int) out.offset();
        if (shape.isDepthwise()) {
            var conv = new DepthwiseGradients(pool, shape);
            return () -> conv.kernel(from, xo, gradient, yo, to, wo);
        }
        var conv = new ConvKernelGradient(pool, shape);
        return () -> conv.run(from, xo, gradient, yo, to, wo);
    }

    static Kernel pool(WorkPool pool, Op.Pool op, View x, View out) {
        var pooling = new Pooling(
                pool, windows(op.window(), op.size(), x.shape(), out.shape()), op.function() == Op.Reduction.MAX);
        float[] from = floats(x);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int yo = (int) out.offset();
        return () -> pooling.run(from, xo, to, yo);
    }

    static Kernel poolGradient(WorkPool pool, Op.PoolGradient op, List<View> in, View out) {
        View x = in.getFirst();
        View dy = in.getLast();
        var pooling = new Pooling(
                pool, windows(op.window(), op.size(), op.x(), dy.shape()), op.function() == Op.Reduction.MAX);
        float[] from = floats(x);
        float[] gradient = floats(dy);
        float[] to = floats(out);
        int xo = (int) x.offset();
        int yo = (int) dy.offset();
        int dxo = (int) out.offset();
        return () -> pooling.gradient(from, xo, gradient, yo, to, dxo);
    }

    private static ConvShape windows(Window w, Ints size, Shape x, Shape out) {
        int rank = w.rank();
        return new ConvShape(
                x.dim(0),
                spatial(x, 1, rank),
                spread(size, 1),
                spatial(out, 1, rank),
                spread(w.strides(), 1),
                spread(w.dilations(), 1),
                spread(w.low(), 0),
                x.last(),
                x.last(),
                x.last());
    }

    private static ConvShape shape(Window w, Shape x, Shape kernel, Shape out) {
        int rank = w.rank();
        return new ConvShape(
                x.dim(0),
                spatial(x, 1, rank),
                spatial(kernel, 0, rank),
                spatial(out, 1, rank),
                spread(w.strides(), 1),
                spread(w.dilations(), 1),
                spread(w.low(), 0),
                x.last(),
                out.last(),
                w.groups());
    }

    private static int[] spatial(Shape shape, int from, int rank) {
        int[] sizes = {1, 1, 1};
        for (int i = 0; i < rank; i++) sizes[3 - rank + i] = shape.dim(from + i);
        return sizes;
    }

    private static int[] spread(Ints values, int missing) {
        int[] all = {missing, missing, missing};
        int rank = values.size();
        for (int i = 0; i < rank; i++) all[3 - rank + i] = values.get(i);
        return all;
    }
}

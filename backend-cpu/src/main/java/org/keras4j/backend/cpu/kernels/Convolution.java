package org.keras4j.backend.cpu.kernels;

import org.jspecify.annotations.Nullable;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes {@code y = activation(bias + conv(x, kernel))} as the product of the patches of x and the kernel, which is a
 * matrix {@code [taps * channels][out]} as it lies.
 */
public final class Convolution {
    private final ConvShape shape;
    private final PatchProduct product;
    private final Gemm pointwise;
    private final @Nullable PackedConvolution direct;

    /** Prepares the forward pass; run it from one thread at a time. */
    public Convolution(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        this.shape = shape;
        var offsets = new int[shape.taps()][];
        int tap = 0;
        for (int d = 0; d < shape.kernel()[0]; d++)
            for (int h = 0; h < shape.kernel()[1]; h++)
                for (int w = 0; w < shape.kernel()[2]; w++) offsets[tap++] = offset(d, h, w);
        var patches =
                new Patches(shape.in(), shape.out(), shape.strides(), offsets, shape.channels(), shape.groupChannels());
        product = new PatchProduct(
                pool, patches, shape.groups(), shape.groupChannels(), shape.outPixels(), shape.groupOut());
        product.ldc = shape.outChannels();
        product.epilogue = epilogue;
        pointwise = new Gemm(pool, shape.outPixels(), shape.outChannels(), shape.channels(), false, false)
                .epilogue(epilogue);
        direct = shape.isPointwise() ? null : direct(pool, shape, epilogue);
    }

    /** Returns the fastest way that needs no patches, or null if none fits. */
    static @Nullable PackedConvolution direct(WorkPool pool, ConvShape shape, Epilogue epilogue) {
        if (Winograd.fits(shape)) return new WinogradConvolution(pool, shape, epilogue);
        return DirectConvolution.fits(shape) ? new DirectConvolution(pool, shape, epilogue) : null;
    }

    private int[] offset(int... tap) {
        var offset = new int[3];
        for (int i = 0; i < 3; i++) offset[i] = tap[i] * shape.dilations()[i] - shape.low()[i];
        return offset;
    }

    /** Returns the floats that {@link #pack} writes. */
    public int packedSize() {
        return direct != null ? direct.packedSize() : shape.groups() * product.packedGroup();
    }

    /** Names the layout that {@link #pack} writes: kernels of one name may share a packed weight. */
    public String layout() {
        return (direct != null ? direct.layout() : "panels") + " " + shape.taps() + "x" + shape.channels() + "x"
                + shape.outChannels() + "/" + shape.groups();
    }

    /** Packs the kernel for {@link #runPacked}. */
    public void pack(float[] kernel, int ko, float[] to, int at) {
        if (direct != null) {
            direct.pack(kernel, ko, to, at);
            return;
        }
        for (int g = 0; g < shape.groups(); g++) {
            RightPanels.pack(
                    product.k,
                    shape.groupOut(),
                    kernel,
                    ko + g * shape.groupOut(),
                    shape.outChannels(),
                    false,
                    to,
                    at + g * product.packedGroup());
        }
    }

    /** Computes y from a kernel as the graph has it; an empty bias adds nothing. */
    public void run(float[] x, int xo, float[] kernel, int ko, float[] bias, int bo, float[] y, int yo) {
        if (shape.isPointwise()) {
            pointwise.run(x, xo, kernel, ko, bias, bo, y, yo);
            return;
        }
        float[] panels = Scratch.ofThread().floats(Use.SHARED, packedSize());
        pack(kernel, ko, panels, 0);
        runPacked(x, xo, panels, 0, bias, bo, y, yo);
    }

    /** Computes y from a packed kernel. */
    public void runPacked(float[] x, int xo, float[] panels, int po, float[] bias, int bo, float[] y, int yo) {
        if (direct != null) direct.run(x, xo, panels, po, bias, bo, y, yo);
        else if (shape.isPointwise()) pointwise.runPacked(x, xo, panels, po, bias, bo, y, yo);
        else product.run(x, xo, panels, po, bias, bo, y, yo);
    }
}

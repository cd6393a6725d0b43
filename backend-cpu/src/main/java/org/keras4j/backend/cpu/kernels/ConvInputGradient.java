package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes the gradient of a convolution for x: a convolution of dy with the transposed kernel. With strides, the pixels
 * of dx fall into classes by their place within a stride; each class meets its own few taps and is a product of its own,
 * so nothing is multiplied by the zeros between the pixels of dy.
 */
public final class ConvInputGradient {
    private final ConvShape shape;
    private final List<Phase> phases = new ArrayList<>();
    private final @Nullable PackedConvolution direct;

    /** Prepares the gradient; run it from one thread at a time. */
    public ConvInputGradient(WorkPool pool, ConvShape shape) {
        this.shape = shape;
        int[] s = shape.strides();
        boolean plain = s[0] == 1 && s[1] == 1 && s[2] == 1 && shape.groups() == 1;
        ConvShape mirrored = mirrored(shape);
        direct = plain ? Convolution.direct(pool, mirrored, Activation.NONE) : null;
        if (direct != null) return;
        for (int d = 0; d < Math.min(s[0], shape.in()[0]); d++)
            for (int h = 0; h < Math.min(s[1], shape.in()[1]); h++)
                for (int w = 0; w < Math.min(s[2], shape.in()[2]); w++)
                    phases.add(new Phase(pool, shape, new int[] {d, h, w}));
    }

    /** Returns the convolution of dy that gives dx where all strides are 1. */
    private static ConvShape mirrored(ConvShape shape) {
        var low = new int[3];
        for (int i = 0; i < 3; i++) low[i] = (shape.kernel()[i] - 1) * shape.dilations()[i] - shape.low()[i];
        return new ConvShape(
                shape.batch(),
                shape.out(),
                shape.kernel(),
                shape.in(),
                shape.strides(),
                shape.dilations(),
                low,
                shape.outChannels(),
                shape.channels(),
                1);
    }

    private void runDirect(PackedConvolution direct, float[] dy, int yo, float[] kernel, int ko, float[] dx, int xo) {
        Scratch scratch = Scratch.ofThread();
        int c = shape.channels();
        int n = shape.outChannels();
        int taps = shape.taps();
        float[] turned = scratch.floats(Use.OTHER, taps * c * n);
        for (int t = 0; t < taps; t++)
            Transpose.block(kernel, ko + (taps - 1 - t) * c * n, n, c, n, turned, t * c * n, c);
        float[] panels = scratch.floats(Use.SHARED, direct.packedSize());
        direct.pack(turned, 0, panels, 0);
        direct.run(dy, yo, panels, 0, TiledProduct.NONE, 0, dx, xo);
    }

    /** Computes dx from dy and the kernel as the graph has it. */
    public void run(float[] dy, int yo, float[] kernel, int ko, float[] dx, int xo) {
        if (direct != null) {
            runDirect(direct, dy, yo, kernel, ko, dx, xo);
            return;
        }
        for (Phase phase : phases) {
            Scratch scratch = Scratch.ofThread();
            float[] panels = scratch.floats(Use.SHARED, shape.groups() * phase.packedGroup());
            for (int g = 0; g < shape.groups(); g++) phase.pack(g, kernel, ko, panels, scratch);
            phase.run(dy, yo, panels, 0, TiledProduct.NONE, 0, dx, xo);
        }
    }

    /** The pixels {@code q * stride + first} of dx. */
    private static final class Phase extends PatchProduct {
        private final ConvShape shape;
        private final int[] first;
        private final int[] grid;
        private final List<int[]> taps;
        private final boolean contiguous;

        Phase(WorkPool pool, ConvShape shape, int[] first) {
            this(pool, shape, first, grid(shape, first), taps(shape, first));
        }

        private Phase(WorkPool pool, ConvShape shape, int[] first, int[] grid, List<int[]> taps) {
            super(
                    pool,
                    new Patches(
                            shape.out(),
                            grid,
                            new int[] {1, 1, 1},
                            offsets(shape, first, taps),
                            shape.outChannels(),
                            shape.groupOut()),
                    shape.groups(),
                    shape.groupOut(),
                    shape.batch() * grid[0] * grid[1] * grid[2],
                    shape.groupChannels());
            this.shape = shape;
            this.first = first;
            this.grid = grid;
            this.taps = taps;
            int[] s = shape.strides();
            contiguous = s[0] == 1 && s[1] == 1 && s[2] == 1;
            ldc = shape.channels();
        }

        private static int[] grid(ConvShape shape, int[] first) {
            var grid = new int[3];
            for (int i = 0; i < 3; i++) grid[i] = Blocks.divideUp(shape.in()[i] - first[i], shape.strides()[i]);
            return grid;
        }

        /** Returns the taps that connect pixels of this class with pixels of dy. */
        private static List<int[]> taps(ConvShape shape, int[] first) {
            List<int[]> taps = new ArrayList<>();
            int[] kernel = shape.kernel();
            for (int d = kernel[0] - 1; d >= 0; d--)
                for (int h = kernel[1] - 1; h >= 0; h--)
                    for (int w = kernel[2] - 1; w >= 0; w--) {
                        int[] tap = {d, h, w};
                        boolean meets = true;
                        for (int i = 0; i < 3; i++) meets &= distance(shape, first, tap, i) % shape.strides()[i] == 0;
                        if (meets) taps.add(tap);
                    }
            return taps;
        }

        private static int distance(ConvShape shape, int[] first, int[] tap, int i) {
            return first[i] + shape.low()[i] - tap[i] * shape.dilations()[i];
        }

        private static int[][] offsets(ConvShape shape, int[] first, List<int[]> taps) {
            var offsets = new int[taps.size()][3];
            for (int t = 0; t < offsets.length; t++)
                for (int i = 0; i < 3; i++) offsets[t][i] = distance(shape, first, taps.get(t), i) / shape.strides()[i];
            return offsets;
        }

        /** Packs {@code [tap, out][channels]} of one group from the kernel's {@code [tap, channels][out]}. */
        void pack(int group, float[] kernel, int ko, float[] panels, Scratch scratch) {
            int rows = shape.groupOut();
            float[] turned = scratch.floats(Use.OTHER, k * n);
            for (int t = 0; t < taps.size(); t++) {
                int[] tap = taps.get(t);
                int index = (tap[0] * shape.kernel()[1] + tap[1]) * shape.kernel()[2] + tap[2];
                int from = ko + index * n * shape.outChannels() + group * rows;
                Transpose.block(kernel, from, shape.outChannels(), n, rows, turned, t * rows * n, n);
            }
            RightPanels.pack(k, n, turned, 0, n, false, panels, group * packedGroup());
        }

        @Override
        boolean scattered() {
            return !contiguous;
        }

        @Override
        int rowOfC(int row) {
            if (contiguous) return super.rowOfC(row);
            int w = row % grid[2] * shape.strides()[2] + first[2];
            int rest = row / grid[2];
            int h = rest % grid[1] * shape.strides()[1] + first[1];
            rest /= grid[1];
            int d = rest % grid[0] * shape.strides()[0] + first[0];
            int[] in = shape.in();
            return co + (((rest / grid[0] * in[0] + d) * in[1] + h) * in[2] + w) * shape.channels();
        }
    }
}

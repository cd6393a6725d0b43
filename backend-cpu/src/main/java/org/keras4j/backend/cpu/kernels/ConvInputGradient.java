package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * Computes the gradient of a convolution for x: a convolution of dy with the transposed kernel. With strides, the
 * pixels of dx fall into classes by their place within a stride; each class meets its own few taps and is a product of
 * its own, so nothing is multiplied by the zeros between the pixels of dy.
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
        for (Phase phase : phases) phase.run(dy, yo, kernel, ko, dx, xo);
    }

    /** The pixels {@code q * stride + first} of dx, with the taps that connect them with pixels of dy. */
    private static final class Phase {
        private final ConvShape shape;
        private final int[] first;
        private final int[] grid = new int[3];
        /** The taps along each axis, in the order of the pixels of dy that they meet. */
        private final int[][] taps = new int[3][];

        private final int count;
        /** Where each tap is in the kernel. */
        private final int[] places;

        private final @Nullable DirectConvolution direct;
        private final @Nullable Scattered gathered;

        Phase(WorkPool pool, ConvShape shape, int[] first) {
            this.shape = shape;
            this.first = first;
            for (int i = 0; i < 3; i++) {
                grid[i] = Blocks.divideUp(shape.in()[i] - first[i], shape.strides()[i]);
                taps[i] = taps(i);
            }
            count = taps[0].length * taps[1].length * taps[2].length;
            places = new int[count];
            for (int t = 0; t < count; t++) {
                int[] at = indices(t);
                places[t] = (taps[0][at[0]] * shape.kernel()[1] + taps[1][at[1]]) * shape.kernel()[2] + taps[2][at[2]];
            }
            ConvShape dense = count > 0 && shape.groups() == 1 && hasPlainTaps() ? dense() : null;
            boolean inPlace = dense != null && DirectConvolution.fits(dense);
            direct = dense != null && inPlace ? new DirectConvolution(pool, dense, Activation.NONE, results()) : null;
            gathered = inPlace ? null : new Scattered(pool, shape, first, grid, offsets());
        }

        private int[] taps(int axis) {
            int length = shape.kernel()[axis];
            var met = new int[length];
            int n = 0;
            for (int tap = length - 1; tap >= 0; tap--)
                if (distance(axis, tap) % shape.strides()[axis] == 0) met[n++] = tap;
            return Arrays.copyOf(met, n);
        }

        private int distance(int axis, int tap) {
            return first[axis] + shape.low()[axis] - tap * shape.dilations()[axis];
        }

        private int offset(int axis, int index) {
            return distance(axis, taps[axis][index]) / shape.strides()[axis];
        }

        private int[][] offsets() {
            var offsets = new int[count][3];
            for (int t = 0; t < count; t++) for (int i = 0; i < 3; i++) offsets[t][i] = offset(i, indices(t)[i]);
            return offsets;
        }

        private int[] indices(int t) {
            int w = t % taps[2].length;
            int h = t / taps[2].length % taps[1].length;
            return new int[] {t / taps[2].length / taps[1].length, h, w};
        }

        /** Says whether the pixels of dy that a pixel of dx needs lie side by side. */
        private boolean hasPlainTaps() {
            for (int axis = 0; axis < 3; axis++)
                for (int i = 1; i < taps[axis].length; i++)
                    if (offset(axis, i) != offset(axis, i - 1) + 1) return false;
            return true;
        }

        /** Returns the convolution of dy, of stride 1, that gives these pixels. */
        private ConvShape dense() {
            var kernel = new int[3];
            var low = new int[3];
            for (int i = 0; i < 3; i++) {
                kernel[i] = taps[i].length;
                low[i] = -offset(i, 0);
            }
            int[] ones = {1, 1, 1};
            return new ConvShape(
                    shape.batch(),
                    shape.out(),
                    kernel,
                    grid,
                    ones,
                    ones,
                    low,
                    shape.outChannels(),
                    shape.channels(),
                    1);
        }

        private DirectConvolution.Places results() {
            int pixel = shape.channels();
            int line = shape.in()[2] * pixel;
            return new DirectConvolution.Places(
                    first[1] * line + first[2] * pixel,
                    shape.strides()[2] * pixel,
                    shape.strides()[1] * line,
                    shape.in()[1] * line);
        }

        void run(float[] dy, int yo, float[] kernel, int ko, float[] dx, int xo) {
            Scratch scratch = Scratch.ofThread();
            if (direct != null) {
                float[] panels = scratch.floats(Use.SHARED, direct.packedSize());
                direct.pack(turned(0, kernel, ko, scratch), 0, panels, 0);
                direct.run(dy, yo, panels, 0, TiledProduct.NONE, 0, dx, xo);
            } else if (gathered != null) {
                float[] panels = scratch.floats(Use.SHARED, shape.groups() * gathered.packedGroup());
                int n = shape.groupChannels();
                for (int g = 0; g < shape.groups(); g++) {
                    float[] matrix = turned(g, kernel, ko, scratch);
                    RightPanels.pack(gathered.k, n, matrix, 0, n, false, panels, g * gathered.packedGroup());
                }
                gathered.run(dy, yo, panels, 0, TiledProduct.NONE, 0, dx, xo);
            }
        }

        /** Returns {@code [tap, out][channels]} of one group from the kernel's {@code [tap, channels][out]}. */
        private float[] turned(int group, float[] kernel, int ko, Scratch scratch) {
            int rows = shape.groupOut();
            int n = shape.groupChannels();
            float[] turned = scratch.floats(Use.OTHER, count * rows * n);
            for (int t = 0; t < count; t++) {
                int from = ko + places[t] * n * shape.outChannels() + group * rows;
                Transpose.block(kernel, from, shape.outChannels(), n, rows, turned, t * rows * n, n);
            }
            return turned;
        }
    }

    /** Computes the pixels of a phase from gathered patches of dy. */
    private static final class Scattered extends PatchProduct {
        private final ConvShape shape;
        private final int[] first;
        private final int[] grid;
        private final boolean contiguous;

        Scattered(WorkPool pool, ConvShape shape, int[] first, int[] grid, int[][] offsets) {
            super(
                    pool,
                    new Patches(shape.out(), grid, new int[] {1, 1, 1}, offsets, shape.outChannels(), shape.groupOut()),
                    shape.groups(),
                    shape.groupOut(),
                    shape.batch() * grid[0] * grid[1] * grid[2],
                    shape.groupChannels());
            this.shape = shape;
            this.first = first;
            this.grid = grid;
            int[] s = shape.strides();
            contiguous = s[0] == 1 && s[1] == 1 && s[2] == 1;
            ldc = shape.channels();
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

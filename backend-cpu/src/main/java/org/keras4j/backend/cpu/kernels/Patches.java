package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;

/**
 * The matrix of patches of a tensor {@code [batch, depth, height, width, channels]} that a convolution multiplies, read
 * piece by piece and never stored whole. Row p is a point q of a grid, column {@code tap * run + c} the channel c of
 * the pixel {@code q * step + offset[tap]}, zero where that lies outside.
 */
final class Patches {
    private final int[] size;
    private final int[] grid;
    private final int[] step;
    private final int[][] offsets;
    private final int channels;
    private final int run;
    /** How many taps from this one on lie side by side in memory. */
    private final int[] together;

    /**
     * @param size spatial sizes of the tensor
     * @param grid spatial sizes of the grid
     * @param offsets of each tap along the three axes
     * @param channels of the tensor
     * @param run channels that are read, those of one group
     */
    Patches(int[] size, int[] grid, int[] step, int[][] offsets, int channels, int run) {
        this.size = size;
        this.grid = grid;
        this.step = step;
        this.offsets = offsets;
        this.channels = channels;
        this.run = run;
        together = new int[offsets.length];
        for (int tap = offsets.length - 1; tap >= 0; tap--) {
            together[tap] = 1;
            if (run != channels || tap + 1 == offsets.length) continue;
            int[] a = offsets[tap];
            int[] b = offsets[tap + 1];
            if (a[0] == b[0] && a[1] == b[1] && a[2] + 1 == b[2]) together[tap] = together[tap + 1] + 1;
        }
    }

    int columns() {
        return offsets.length * run;
    }

    /** Copies rows {@code row .. row + height}, columns {@code k0 .. k0 + depth}, to {@code panel[height][DEPTH]}. */
    void rows(float[] x, int xo, int row, int height, int k0, int depth, float[] panel) {
        int qw = row % grid[2];
        int rest = row / grid[2];
        int qh = rest % grid[1];
        rest /= grid[1];
        int qd = rest % grid[0];
        int image = rest / grid[0];
        for (int i = 0; i < height; i++) {
            row(x, xo, image, qd * step[0], qh * step[1], qw * step[2], k0, depth, panel, i * Blocks.DEPTH);
            if (++qw < grid[2]) continue;
            qw = 0;
            if (++qh < grid[1]) continue;
            qh = 0;
            if (++qd < grid[0]) continue;
            qd = 0;
            image++;
        }
    }

    private void row(float[] x, int xo, int image, int d, int h, int w, int k0, int depth, float[] panel, int at) {
        int tap = k0 / run;
        int channel = k0 % run;
        int end = at + depth;
        while (at < end) {
            int[] offset = offsets[tap];
            int sd = d + offset[0];
            int sh = h + offset[1];
            int sw = w + offset[2];
            boolean inside = sd >= 0 && sd < size[0] && sh >= 0 && sh < size[1];
            int taps = together[tap];
            if (!inside || sw < 0 || sw + taps > size[2]) taps = 1;
            int count = Math.min(taps * run - channel, end - at);
            if (inside && sw >= 0 && sw < size[2]) {
                int from = xo + (((image * size[0] + sd) * size[1] + sh) * size[2] + sw) * channels + channel;
                Strips.copy(x, from, panel, at, count);
            } else {
                Arrays.fill(panel, at, at + count, 0);
            }
            at += count;
            channel += count;
            tap += channel / run;
            channel %= run;
        }
    }

    /**
     * Copies rows {@code k0 .. k0 + depth} of the patch matrix, columns {@code column .. column + width}, to
     * {@code panel[depth][STEP]}. The panel needs room for a vector more.
     */
    void columns(float[] x, int xo, int column, int width, int k0, int depth, float[] panel) {
        for (int done = 0; done < width; ) {
            int tap = (column + done) / run;
            int channel = (column + done) % run;
            int count = Math.min(run - channel, width - done);
            for (int p = k0; p < k0 + depth; ) {
                int qw = p % grid[2];
                int pixels = Math.min(grid[2] - qw, k0 + depth - p);
                line(
                        x,
                        xo + channel,
                        p / grid[2],
                        qw,
                        pixels,
                        offsets[tap],
                        count,
                        panel,
                        (p - k0) * Blocks.STEP + done,
                        Blocks.STEP);
                p += pixels;
            }
            done += count;
        }
    }

    /** Copies one tap's {@code count} channels of {@code pixels} points of one line of the grid. */
    private void line(
            float[] x,
            int xo,
            int line,
            int qw,
            int pixels,
            int[] offset,
            int count,
            float[] panel,
            int at,
            int width) {
        int rest = line / grid[1];
        int sh = line % grid[1] * step[1] + offset[1];
        int sd = rest % grid[0] * step[0] + offset[0];
        int image = rest / grid[0];
        boolean inside = sd >= 0 && sd < size[0] && sh >= 0 && sh < size[1];
        int from = xo + ((image * size[0] + sd) * size[1] + sh) * size[2] * channels;
        int sw = qw * step[2] + offset[2];
        int first = 0;
        while (first < pixels && (!inside || sw < 0)) {
            Arrays.fill(panel, at, at + count, 0);
            at += width;
            sw += step[2];
            first++;
        }
        int last = first;
        while (last < pixels && sw + (last - first) * step[2] < size[2]) last++;
        Strips.copy(x, from + sw * channels, step[2] * channels, last - first, count, panel, at, width);
        at += (last - first) * width;
        for (int i = last; i < pixels; i++, at += width) Arrays.fill(panel, at, at + count, 0);
    }
}

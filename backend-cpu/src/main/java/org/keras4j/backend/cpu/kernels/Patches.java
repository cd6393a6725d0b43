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
            int count = Math.min(together[tap] * run - channel, width - done);
            for (int p = k0; p < k0 + depth; ) {
                int qw = p % grid[2];
                int pixels = Math.min(grid[2] - qw, k0 + depth - p);
                line(x, xo, p / grid[2], qw, pixels, tap, channel, count, panel, (p - k0) * Blocks.STEP + done);
                p += pixels;
            }
            done += count;
        }
    }

    /** Copies {@code count} columns, those of taps side by side, of {@code pixels} points of one line of the grid. */
    private void line(
            float[] x, int xo, int line, int qw, int pixels, int tap, int channel, int count, float[] panel, int at) {
        int rest = line / grid[1];
        int sh = line % grid[1] * step[1] + offsets[tap][1];
        int sd = rest % grid[0] * step[0] + offsets[tap][0];
        if (sd < 0 || sd >= size[0] || sh < 0 || sh >= size[1]) {
            zeros(panel, at, pixels, count);
            return;
        }
        int image = rest / grid[0];
        int from = xo + ((image * size[0] + sd) * size[1] + sh) * size[2] * channels;
        int sw = qw * step[2] + offsets[tap][2];
        int taps = Blocks.divideUp(channel + count, run);
        int first = Math.min(pixels, sw >= 0 ? 0 : Blocks.divideUp(-sw, step[2]));
        int room = size[2] - taps - sw;
        int end = Math.clamp(room < 0 ? 0 : room / step[2] + 1, first, pixels);
        int width = Blocks.STEP;
        for (int i = 0; i < first; i++) edge(x, from, sw + i * step[2], channel, count, panel, at + i * width);
        Strips.copy(
                x,
                from + (sw + first * step[2]) * channels + channel,
                step[2] * channels,
                end - first,
                count,
                panel,
                at + first * width,
                width);
        for (int i = end; i < pixels; i++) edge(x, from, sw + i * step[2], channel, count, panel, at + i * width);
    }

    /** Copies the columns of one point whose first tap reads pixel {@code sw} of a line; zeros for taps outside. */
    private void edge(float[] x, int from, int sw, int channel, int count, float[] panel, int at) {
        for (int i = 0; i < count; i++) {
            int pixel = sw + (channel + i) / run;
            boolean inside = pixel >= 0 && pixel < size[2];
            panel[at + i] = inside ? x[from + sw * channels + channel + i] : 0;
        }
    }

    private static void zeros(float[] panel, int at, int pixels, int count) {
        for (int i = 0; i < pixels; i++) Arrays.fill(panel, at + i * Blocks.STEP, at + i * Blocks.STEP + count, 0);
    }
}

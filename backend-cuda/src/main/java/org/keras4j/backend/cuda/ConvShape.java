package org.keras4j.backend.cuda;

import java.util.Arrays;
import org.keras4j.Shape;
import org.keras4j.op.Window;

/**
 * A convolution as cuDNN wants it: two or three spatial axes, and the same padding on both sides. Where ours has not
 * the same, {@code x} is padded before and has no padding left.
 *
 * @param x the sizes of x along its spatial axes, after padding
 * @param kernel of the kernel along its spatial axes
 * @param out of the result along its spatial axes
 * @param pads on both sides of x
 * @param padded whether x has been padded before
 */
record ConvShape(
        int batch,
        int channels,
        int filters,
        int groups,
        int[] x,
        int[] kernel,
        int[] out,
        int[] pads,
        int[] strides,
        int[] dilations,
        boolean padded) {
    /** Reads the shapes of x[batch, space..., channels], kernel[space..., channels / groups, filters] and out. */
    static ConvShape of(Window window, Shape x, Shape kernel, Shape out) {
        int rank = window.rank();
        boolean padded = false;
        for (int i = 0; i < rank; i++) padded |= !even(window, i, x.dim(i + 1), kernel.dim(i), out.dim(i + 1));
        int axes = Math.max(2, rank);
        int[][] all = new int[6][axes];
        for (int[] part : all) Arrays.fill(part, 1);
        Arrays.fill(all[3], 0);
        for (int i = 0; i < rank; i++) {
            int at = i + axes - rank;
            all[0][at] =
                    x.dim(i + 1) + (padded ? window.low().get(i) + window.high().get(i) : 0);
            all[1][at] = kernel.dim(i);
            all[2][at] = out.dim(i + 1);
            all[3][at] = padded ? 0 : window.low().get(i);
            all[4][at] = window.strides().get(i);
            all[5][at] = window.dilations().get(i);
        }
        return new ConvShape(
                x.dim(0),
                x.last(),
                kernel.last(),
                window.groups(),
                all[0],
                all[1],
                all[2],
                all[3],
                all[4],
                all[5],
                padded);
    }

    /** Says whether padding both sides of an axis with what is to come before it gives the same windows. */
    private static boolean even(Window window, int axis, int length, int size, int windows) {
        int low = window.low().get(axis);
        if (low == window.high().get(axis)) return true;
        int room = length + 2 * low - ((size - 1) * window.dilations().get(axis) + 1);
        return room >= 0 && room / window.strides().get(axis) + 1 == windows;
    }

    int axes() {
        return x.length;
    }

    /** Returns the sizes of a tensor in cuDNN's order: batch, channels, space. */
    static int[] sizes(int batch, int channels, int[] space) {
        int[] sizes = new int[space.length + 2];
        sizes[0] = batch;
        sizes[1] = channels;
        System.arraycopy(space, 0, sizes, 2, space.length);
        return sizes;
    }

    /** Returns the strides of such a tensor whose channels lie next to each other. */
    static int[] stridesOf(int[] sizes) {
        int[] strides = new int[sizes.length];
        strides[1] = 1;
        int step = sizes[1];
        for (int i = sizes.length - 1; i >= 2; i--) {
            strides[i] = step;
            step *= sizes[i];
        }
        strides[0] = step;
        return strides;
    }

    /** Returns the elements of x, after padding. */
    long xElements() {
        return (long) batch * channels * product(x);
    }

    /** Returns the rows of the kernel, each of which has an element for every filter. */
    int kernelRows() {
        return channels / groups * Math.toIntExact(product(kernel));
    }

    private static long product(int[] sizes) {
        long product = 1;
        for (int size : sizes) product *= size;
        return product;
    }

    /** Returns the key under which a measured algorithm is kept. */
    String key() {
        return batch + "x" + channels + Arrays.toString(x) + "k" + filters + Arrays.toString(kernel) + "p"
                + Arrays.toString(pads) + "s" + Arrays.toString(strides) + "d" + Arrays.toString(dilations) + "g"
                + groups;
    }
}

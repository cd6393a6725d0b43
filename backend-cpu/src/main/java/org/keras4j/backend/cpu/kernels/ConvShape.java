package org.keras4j.backend.cpu.kernels;

/**
 * The sizes of a convolution of {@code x[batch, depth, height, width, channels]} with
 * {@code kernel[depth, height, width, channels / groups, out]}; fewer spatial axes have leading ones.
 *
 * @param in spatial sizes of x
 * @param kernel spatial sizes of the kernel
 * @param out spatial sizes of the result
 * @param low padding before each axis
 */
public record ConvShape(
        int batch,
        int[] in,
        int[] kernel,
        int[] out,
        int[] strides,
        int[] dilations,
        int[] low,
        int channels,
        int outChannels,
        int groups) {

    int taps() {
        return kernel[0] * kernel[1] * kernel[2];
    }

    int outPixels() {
        return batch * out[0] * out[1] * out[2];
    }

    int groupChannels() {
        return channels / groups;
    }

    int groupOut() {
        return outChannels / groups;
    }

    /** Says whether each pixel of the result needs one pixel of x, the one at its own place. */
    boolean isPointwise() {
        for (int i = 0; i < 3; i++)
            if (kernel[i] != 1 || strides[i] != 1 || low[i] != 0 || in[i] != out[i]) return false;
        return groups == 1;
    }

    /** Says whether each channel is filtered by itself into one channel. */
    public boolean isDepthwise() {
        return groups == channels && outChannels == channels && channels > 1;
    }
}

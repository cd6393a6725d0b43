package org.keras4j.backend.cpu.kernels;

/** A way to convolve that first brings the kernel into a layout of its own. */
interface PackedConvolution {
    /** Names the layout. */
    String layout();

    /** Returns the floats of the packed kernel. */
    int packedSize();

    /** Packs the kernel {@code [taps, channels][out]}. */
    void pack(float[] kernel, int ko, float[] to, int at);

    /** Computes y from the packed kernel; an empty bias adds nothing. */
    void run(float[] x, int xo, float[] panels, int po, float[] bias, int bo, float[] y, int yo);
}

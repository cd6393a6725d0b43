package org.keras4j.backend.cpu.kernels;

/**
 * One thread's reusable buffers: they grow to the largest size asked for and stay, so steady state allocates nothing.
 */
public final class Scratch {
    /** What a buffer is for; buffers of different uses may be held at the same time. */
    public enum Use {
        /** The packed rows of the left factor. */
        LEFT,
        /** The packed rows of a second left factor. */
        SECOND_LEFT,
        /** The packed columns of the right factor. */
        RIGHT,
        /** A tile of the product whose place is not contiguous. */
        TILE,
        /** Data that the calling thread prepares and all parts read. */
        SHARED,
        /** The last elements of a run, which do not fill a vector. */
        REST,
        /** The lanes of a vector that are summed up. */
        LANES,
        /** What one pass over a run of elements leaves to the next. */
        PASS,
        /** Whatever else one kernel needs within one part. */
        OTHER
    }

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final float[][] buffers = new float[Use.values().length][0];
    private final Registers registers = new Registers();
    private int[] indices = new int[0];
    private double[] sums = new double[0];

    /** Returns the scratch of the calling thread. */
    public static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Returns a buffer of at least {@code size} floats with arbitrary contents. */
    public float[] floats(Use use, int size) {
        float[] buffer = buffers[use.ordinal()];
        if (buffer.length < size) {
            buffer = new float[Math.max(size, 1024)];
            buffers[use.ordinal()] = buffer;
        }
        return buffer;
    }

    /** Returns a buffer of at least {@code size} doubles with arbitrary contents. */
    public double[] doubles(int size) {
        if (sums.length < size) sums = new double[Math.max(size, 256)];
        return sums;
    }

    /** Returns the registers of fused elementwise loops. */
    public Registers registers() {
        return registers;
    }

    /** Returns an index buffer of at least {@code size} ints with arbitrary contents. */
    public int[] ints(int size) {
        if (indices.length < size) indices = new int[Math.max(size, 256)];
        return indices;
    }
}

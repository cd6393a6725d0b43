package org.keras4j.backend.reference;

import org.keras4j.Storage;
import org.keras4j.backend.Memory;

/** Memory that is one Java array, from its element 0 on. Backends that use it can run the reference kernels. */
public class HostMemory extends Memory {
    private final Object array;
    private final boolean persistent;

    /** Allocates a zeroed array; it holds at most {@code Integer.MAX_VALUE} elements. */
    public HostMemory(Storage storage, long elements, boolean persistent) {
        this(storage, elements, allocate(storage, elements), persistent);
    }

    /** Wraps an array of the storage's type that has room for {@code elements}. */
    protected HostMemory(Storage storage, long elements, Object array, boolean persistent) {
        super(storage, elements);
        this.array = array;
        this.persistent = persistent;
    }

    private static Object allocate(Storage storage, long elements) {
        if (elements < 0 || elements > Integer.MAX_VALUE - 8)
            throw new IllegalArgumentException("A memory is one Java array of at most " + (Integer.MAX_VALUE - 8)
                    + " elements, asked for " + elements);
        int n = (int) elements;
        return switch (storage) {
            case FLOAT -> new float[n];
            case HALF -> throw new IllegalArgumentException("HALF is for devices; the host keeps floats");
            case DOUBLE -> new double[n];
            case INT -> new int[n];
            case LONG -> new long[n];
        };
    }

    /** Returns the {@code float[]}, {@code double[]}, {@code int[]} or {@code long[]} itself. */
    public final Object array() {
        return array;
    }

    /** Returns the array of a memory whose storage is FLOAT. */
    public final float[] floats() {
        return (float[]) array;
    }

    /** Returns the array of a memory whose storage is DOUBLE. */
    public final double[] doubles() {
        return (double[]) array;
    }

    /** Returns the array of a memory whose storage is INT. */
    public final int[] ints() {
        return (int[]) array;
    }

    /** Returns the array of a memory whose storage is LONG. */
    public final long[] longs() {
        return (long[]) array;
    }

    @Override
    public final boolean isPersistent() {
        return persistent;
    }

    /** Does nothing: the garbage collector takes the array. */
    @Override
    public void close() {}
}

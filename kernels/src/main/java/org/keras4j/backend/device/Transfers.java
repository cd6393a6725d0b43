package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;

/** Java arrays as memory that a device can copy. */
final class Transfers {
    private Transfers() {}

    /** Returns the elements {@code from} to {@code from + count} of a {@code float[], double[], int[]} or {@code long[]}. */
    static MemorySegment segment(Object array, long from, long count) {
        MemorySegment all =
                switch (array) {
                    case float[] a -> MemorySegment.ofArray(a);
                    case double[] a -> MemorySegment.ofArray(a);
                    case int[] a -> MemorySegment.ofArray(a);
                    case long[] a -> MemorySegment.ofArray(a);
                    default -> throw new IllegalArgumentException("No array of elements: " + array.getClass());
                };
        long bytes = array instanceof float[] || array instanceof int[] ? 4 : 8;
        return all.asSlice(from * bytes, count * bytes);
    }
}

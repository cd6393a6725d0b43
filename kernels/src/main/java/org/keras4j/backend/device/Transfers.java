package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;

/** Java arrays as memory that a device can copy, and rows of them. */
public final class Transfers {
    private Transfers() {}

    /**
     * Returns the elements {@code from} to {@code from + count} of a {@code float[], double[], int[]} or {@code
     * long[]}.
     */
    static MemorySegment segment(Object array, long from, long count) {
        MemorySegment all = switch (array) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalArgumentException("No array of elements: " + array.getClass());
        };
        long bytes = array instanceof float[] || array instanceof int[] ? 4 : 8;
        return all.asSlice(from * bytes, count * bytes);
    }

    /** Returns how many of {@code rows} from {@code at} on follow one another, so that one copy takes them. */
    public static int run(int[] rows, int at, int count) {
        int run = 1;
        while (at + run < count && rows[at + run] == rows[at] + run) run++;
        return run;
    }

    /**
     * Fills {@code to} on the host with what rows of {@code from}, one after the other, have from byte {@code at} on.
     *
     * @param rowBytes the size of a row
     * @param rows numbers of rows
     */
    public static void gather(MemorySegment from, long rowBytes, int[] rows, long at, MemorySegment to) {
        int i = (int) (at / rowBytes);
        long inside = at % rowBytes;
        for (long done = 0; done < to.byteSize(); i++, inside = 0) {
            long bytes = Math.min(rowBytes - inside, to.byteSize() - done);
            MemorySegment.copy(from, rows[i] * rowBytes + inside, to, done, bytes);
            done += bytes;
        }
    }
}

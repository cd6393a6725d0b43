package org.keras4j.layers;

import java.util.stream.IntStream;
import org.keras4j.Shape;
import org.keras4j.op.Ints;

/** Lists of axes. */
final class Axes {
    private Axes() {}

    /** Returns 0 to {@code rank} - 1 without some. */
    static int[] allBut(int rank, int... without) {
        return IntStream.range(0, rank)
                .filter(i -> !Ints.of(without).contains(i))
                .toArray();
    }

    /** Returns the axes counted from the front, sorted. */
    static int[] positive(int[] axes, Shape shape) {
        return IntStream.of(axes).map(shape::axis).sorted().toArray();
    }
}

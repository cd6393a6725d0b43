package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;

/**
 * Elements that go from strided places to strided places, as few axes as it takes and as wide as they can be moved at
 * once: 2, 4, 8 or 16 bytes.
 *
 * @param axes innermost first; none of size 1, and no two that could be one
 * @param from where the first element comes from, in elements of {@code width}
 * @param to where it goes
 * @param width bytes of what is moved at once
 */
record Box(List<Axis> axes, long from, long to, int width) {
    private static final int WIDEST = 16;

    /** Some elements in strides of {@code from} and {@code to}. */
    record Axis(int size, int from, int to) {}

    /** Returns the box of {@code dims}, outermost first, none of them 0; strides of {@code to} do not increase. */
    static Box of(int[] dims, long from, int[] fromStrides, long to, int[] toStrides, int width) {
        List<Axis> axes = new ArrayList<>();
        for (int i = dims.length - 1; i >= 0; i--) add(axes, new Axis(dims[i], fromStrides[i], toStrides[i]));
        return new Box(axes, from, to, width).widened();
    }

    private static void add(List<Axis> axes, Axis outer) {
        if (outer.size == 1) return;
        Axis inner = axes.isEmpty() ? null : axes.getLast();
        if (inner != null && outer.from == inner.size * inner.from && outer.to == inner.size * inner.to)
            axes.set(axes.size() - 1, new Axis(inner.size * outer.size, inner.from, inner.to));
        else axes.add(outer);
    }

    private Box widened() {
        int factor = WIDEST / width;
        while (factor > 1 && !fits(factor)) factor /= 2;
        if (factor == 1) return this;
        List<Axis> wide = new ArrayList<>();
        add(wide, new Axis(axes.getFirst().size / factor, 1, 1));
        for (Axis axis : axes.subList(1, axes.size()))
            add(wide, new Axis(axis.size, axis.from / factor, axis.to / factor));
        return new Box(wide, from / factor, to / factor, width * factor);
    }

    private boolean fits(int factor) {
        if (axes.isEmpty() || from % factor != 0 || to % factor != 0) return false;
        Axis inner = axes.getFirst();
        if (inner.from != 1 || inner.to != 1 || inner.size % factor != 0) return false;
        for (Axis axis : axes.subList(1, axes.size()))
            if (axis.from % factor != 0 || axis.to % factor != 0) return false;
        return true;
    }

    /** Returns how many times {@code width} bytes are moved. */
    int count() {
        int count = 1;
        for (Axis axis : axes) count *= axis.size;
        return count;
    }

    /** Says whether all elements lie one after the other on both sides. */
    boolean isBlock() {
        return axes.isEmpty() || axes.size() == 1 && axes.getFirst().from == 1 && axes.getFirst().to == 1;
    }

    /**
     * Returns the axis along which the source is contiguous, if the target is contiguous along another one: the two
     * are to be transposed. Otherwise -1.
     */
    int crossed() {
        if (axes.isEmpty() || axes.getFirst().to != 1 || axes.getFirst().from == 1) return -1;
        for (int k = 1; k < axes.size(); k++) if (axes.get(k).from == 1) return k;
        return -1;
    }
}

package org.keras4j.backend.device;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Label;

/**
 * Where kernels say that an index was out of range: a record in device memory for each layer, of four ints, which are
 * FAULT in the dialects (0 or 1), the index, the size of the axis, and the position of the index. They are read when
 * results are.
 */
final class Faults {
    private static final int INTS = 4;
    private static final int MOST_LABELS = 256;

    private final Device device;
    private final Buffer buffer;
    private final List<String> labels = new ArrayList<>(List.of(""));
    private final AtomicLong watched = new AtomicLong();
    private volatile boolean suspicious;

    Faults(Device device) {
        this.device = device;
        this.buffer = device.allocate(INTS * 4 * MOST_LABELS);
        clear();
    }

    private void clear() {
        device.clear(buffer, 0, buffer.bytes());
    }

    /** Returns the argument to give to kernels that are prepared for the current {@link Label}. */
    Argument.Place place() {
        return new Argument.Place(buffer, (long) INTS * slot(Label.current()));
    }

    /** Layers beyond the most that are kept share the first record, which has no name. */
    private synchronized int slot(String label) {
        int known = labels.indexOf(label);
        if (known >= 0) return known;
        if (labels.size() == MOST_LABELS) return 0;
        labels.add(label);
        return labels.size() - 1;
    }

    /** Returns {@code kernel}, with the word that it may report. */
    Kernel watch(Kernel kernel) {
        return () -> {
            watched.incrementAndGet();
            suspicious = true;
            kernel.run();
        };
    }

    /** Says that kernels which may report have been queued. */
    void suspect() {
        suspicious = true;
    }

    /** Returns a number that grows with each run of a watched kernel. */
    long watched() {
        return watched.get();
    }

    /**
     * Throws what kernels have reported since the last call: an {@link IndexOutOfBoundsException}, or where the layer
     * is known an {@link IllegalArgumentException} that names it.
     */
    void check() {
        if (!suspicious) return;
        suspicious = false;
        int[] reports = new int[INTS * labelCount()];
        device.read(buffer, 0, MemorySegment.ofArray(reports));
        for (int at = 0; at < reports.length; at += INTS) {
            if (reports[at] == 0) continue;
            clear();
            throw error(label(at / INTS), reports[at + 1], reports[at + 2], reports[at + 3]);
        }
    }

    private synchronized int labelCount() {
        return labels.size();
    }

    private synchronized String label(int slot) {
        return labels.get(slot);
    }

    private static RuntimeException error(String label, int index, int size, int position) {
        var plain = new IndexOutOfBoundsException(
                "Index " + index + " at position " + position + " is outside 0 to " + (size - 1));
        return label.isEmpty() ? plain : new IllegalArgumentException(label + ": " + plain.getMessage(), plain);
    }

    void close() {
        device.free(buffer);
    }
}

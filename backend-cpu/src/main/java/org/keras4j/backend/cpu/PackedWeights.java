package org.keras4j.backend.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;

/**
 * Keeps weights in the layout that the kernels read, one copy for all programs that use a variable in the same way. A
 * weight is packed when it is met a second time with the same value: while a model trains, each value is met once.
 */
final class PackedWeights {
    private final Map<Memory, Map<Key, Packed>> all = new WeakHashMap<>();

    private record Key(long offset, String layout) {}

    /** Writes the packed form of a weight. */
    interface Packer {
        void pack(float[] to);
    }

    /** Returns the packed form of {@code view}, or null if it does not belong to a variable. */
    synchronized @Nullable Packed of(View view, String layout, int size, Packer packer) {
        if (!view.memory().isPersistent()) return null;
        Packed packed = all.computeIfAbsent(view.memory(), m -> new HashMap<>())
                .computeIfAbsent(new Key(view.offset(), layout), k -> new Packed(size));
        packed.user(packer);
        return packed;
    }

    /** One weight in one layout. */
    static final class Packed {
        private final int size;
        private volatile @Nullable Packer packer;
        private float @Nullable [] panels;
        /** Kernels that are reading {@link #panels} now. */
        private int readers;

        private int packedVersion = -1;
        private int seenVersion = -1;

        private Packed(int size) {
            this.size = size;
        }

        private void user(Packer packer) {
            if (this.packer == null) this.packer = packer;
        }

        /**
         * Returns the packed weight, which stays as it is until {@link #release}, or null if its value is too new to be
         * worth packing.
         */
        synchronized float @Nullable [] acquire(int version) {
            if (panels == null || packedVersion != version) {
                if (seenVersion != version) {
                    seenVersion = version;
                    return null;
                }
                // Another thread may still be reading the old value: it keeps its array.
                if (panels == null || readers > 0) panels = new float[size];
                readers = 0;
                Objects.requireNonNull(packer).pack(panels);
                packedVersion = version;
            }
            readers++;
            return panels;
        }

        /** Ends the reading of what {@link #acquire} returned. */
        synchronized void release(float[] acquired) {
            if (acquired == panels) readers--;
        }
    }
}

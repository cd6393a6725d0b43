package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Pieces of memory as C functions take them. */
final class Foreign {
    private Foreign() {}

    static MemorySegment text(Arena arena, String value) {
        return arena.allocateFrom(value, StandardCharsets.UTF_8);
    }

    static MemorySegment texts(Arena arena, String... values) {
        MemorySegment all = arena.allocate(ADDRESS, Math.max(1, values.length));
        for (int i = 0; i < values.length; i++) all.setAtIndex(ADDRESS, i, text(arena, values[i]));
        return all;
    }

    /** Returns room for one pointer or size. */
    static MemorySegment slot(Arena arena) {
        return arena.allocate(JAVA_LONG);
    }

    static long read(MemorySegment slot) {
        return slot.get(JAVA_LONG, 0);
    }

    /** Passes on what a native call has thrown; it throws nothing that is checked. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException e) return e;
        if (thrown instanceof Error e) throw e;
        return new IllegalStateException(thrown);
    }
}

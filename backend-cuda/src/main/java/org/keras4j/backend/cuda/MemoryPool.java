package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The pool of a device's stream-ordered allocator. It keeps what is freed; otherwise each wait for the device would
 * give it back to the system. JCuda has no functions for that.
 */
final class MemoryPool {
    private static final int RELEASE_THRESHOLD = 4; // CU_MEMPOOL_ATTR_RELEASE_THRESHOLD
    private static final int RESERVED = 5; // CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT
    private static final int USED = 7; // CU_MEMPOOL_ATTR_USED_MEM_CURRENT

    private final long pool;
    private final MethodHandle trim;
    private final MethodHandle get;

    private MemoryPool(long pool, MethodHandle trim, MethodHandle get) {
        this.pool = pool;
        this.trim = trim;
        this.get = get;
    }

    /** Returns the device's pool, set to keep everything; empty where the driver has none. */
    static Optional<MemoryPool> of(NativeLibrary driver, int device) {
        if (driver.missing("cuDeviceGetDefaultMemPool", "cuMemPoolSetAttribute").length > 0) return Optional.empty();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = Foreign.slot(arena);
            MethodHandle find = driver.function("cuDeviceGetDefaultMemPool", ADDRESS, JAVA_INT);
            if ((int) find.invokeExact(slot, device) != 0) return Optional.empty();
            long pool = Foreign.read(slot);
            slot.set(JAVA_LONG, 0, -1); // all of it
            MethodHandle set = driver.function("cuMemPoolSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS);
            if ((int) set.invokeExact(pool, RELEASE_THRESHOLD, slot) != 0) return Optional.empty();
            return Optional.of(new MemoryPool(
                    pool,
                    driver.function("cuMemPoolTrimTo", JAVA_LONG, JAVA_LONG),
                    driver.function("cuMemPoolGetAttribute", JAVA_LONG, JAVA_INT, ADDRESS)));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Gives back what is not in use. */
    void trim() {
        try {
            int ignored = (int) trim.invokeExact(pool, 0L);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Returns the bytes that the pool holds and nobody uses. */
    long idle() {
        return attribute(RESERVED) - attribute(USED);
    }

    private long attribute(int which) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = Foreign.slot(arena);
            return (int) get.invokeExact(pool, which, slot) == 0 ? Foreign.read(slot) : 0;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}

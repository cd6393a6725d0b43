package org.keras4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;

final class HostMemoryTest {
    private final Backend backend = new ReferenceBackend();

    @Test
    void aMemoryThatNoArrayCanHoldIsRefused() {
        for (long elements : new long[] {-1, Integer.MAX_VALUE, 1L << 40}) {
            var error = assertThrows(IllegalArgumentException.class, () -> backend.allocate(Storage.FLOAT, elements));
            assertTrue(error.getMessage().contains(String.valueOf(elements)), error.getMessage());
        }
    }

    @Test
    void viewsOutsideTheMemoryOrOfAnotherStorageAreRefused() {
        Memory memory = backend.allocate(Storage.FLOAT, 10);
        assertRefused(new View(memory, 4, Shape.of(7), DType.FLOAT32), "outside a memory of 10");
        assertRefused(new View(memory, -1, Shape.of(7), DType.FLOAT32), "outside a memory of 10");
        assertRefused(new View(memory, 0, Shape.of(7), DType.INT32), "needs a memory of INT");
        assertEquals(10, Elements.of(new View(memory, 0, Shape.of(10), DType.FLOAT16)).size);
    }

    @Test
    void memoryOfAnotherBackendIsRefused() {
        Memory foreign = new Memory(Storage.FLOAT, 3) {
            @Override
            public void close() {}
        };
        assertRefused(new View(foreign, 0, Shape.of(3), DType.FLOAT32), "need HostMemory");
    }

    private static void assertRefused(View view, String part) {
        var error = assertThrows(IllegalArgumentException.class, () -> Elements.of(view));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}

package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Label;

class FaultsTest {
    private final HostArrays device = new HostArrays();
    private final Faults faults = new Faults(device);

    /** What the device code does when {@code index} is outside an axis of {@code size}. */
    private Kernel reporting(Argument.Place place, int index, int size) {
        return faults.watch(() -> {
            int at = (int) place.offset();
            int[] memory = ((HostArrays.Ints) place.buffer()).values();
            if (memory[at] != 0) return;
            memory[at] = 1;
            memory[at + 1] = index;
            memory[at + 2] = size;
            memory[at + 3] = 4;
        });
    }

    private Kernel reportingFor(String layer, int index) {
        return Label.during(layer, () -> reporting(faults.place(), index, 10));
    }

    @Test
    void nothingReportedIsNoError() {
        faults.watch(() -> {}).run();
        faults.check();
    }

    @Test
    void theErrorNamesIndexSizeAndLayer() {
        reportingFor("Embedding \"words\"", 12).run();
        var error = assertThrows(IllegalArgumentException.class, faults::check);
        assertEquals("Embedding \"words\": Index 12 at position 4 is outside 0 to 9", error.getMessage());
        assertInstanceOf(IndexOutOfBoundsException.class, error.getCause());
    }

    @Test
    void withoutLayerItIsAnIndexError() {
        reporting(faults.place(), -11, 3).run();
        var error = assertThrows(IndexOutOfBoundsException.class, faults::check);
        assertEquals("Index -11 at position 4 is outside 0 to 2", error.getMessage());
    }

    @Test
    void anErrorIsReportedOnce() {
        reportingFor("a", 12).run();
        assertThrows(IllegalArgumentException.class, faults::check);
        faults.check();
        reportingFor("a", 13).run();
        assertThrows(IllegalArgumentException.class, faults::check);
    }

    @Test
    void layersBeyondTheMostAreReportedWithoutName() {
        for (int i = 0; i < 300; i++) reportingFor("layer" + i, 12);
        reportingFor("layer299", 12).run();
        assertThrows(IndexOutOfBoundsException.class, faults::check);
        reportingFor("layer7", 12).run();
        assertThrows(IllegalArgumentException.class, faults::check);
    }

    @Test
    void layersHavePlacesOfTheirOwn() {
        long[] at = new long[2];
        Label.during("a", () -> place(at, 0));
        Label.during("b", () -> place(at, 1));
        assertNotEquals(at[0], at[1]);
    }

    private Kernel place(long[] at, int i) {
        at[i] = faults.place().offset();
        return () -> {};
    }

    /** A device that has memory and nothing else. */
    private static final class HostArrays implements Device {
        private record Ints(int[] values) implements Buffer {
            @Override
            public long bytes() {
                return values.length * 4L;
            }
        }

        @Override
        public Buffer allocate(long bytes) {
            return new Ints(new int[(int) (bytes / 4)]);
        }

        @Override
        public void read(Buffer from, long fromByte, MemorySegment to) {
            MemorySegment.copy(MemorySegment.ofArray(((Ints) from).values()), fromByte, to, 0, to.byteSize());
        }

        @Override
        public void clear(Buffer buffer, long fromByte, long bytes) {
            MemorySegment.ofArray(((Ints) buffer).values())
                    .asSlice(fromByte, bytes)
                    .fill((byte) 0);
        }

        @Override
        public void free(Buffer buffer) {}

        @Override
        public void finish() {}

        @Override
        public void close() {}

        @Override
        public Traits traits() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(MemorySegment from, Buffer to, long toByte) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Program compile(Source source) {
            throw new UnsupportedOperationException();
        }
    }
}

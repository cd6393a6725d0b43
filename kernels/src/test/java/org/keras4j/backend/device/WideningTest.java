package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;
import org.keras4j.backend.View;

/** Kernels on floats in place of 16-bit elements, on a device that computes nothing. */
class WideningTest {
    private record Bytes(long bytes) implements Buffer {}

    /** A device whose kernels do nothing. */
    private static final class IdleDevice implements Device {
        @Override
        public Traits traits() {
            return new Traits(Dialect.CUDA, "idle", "idle", false, 1, 1024, 48 << 10, true, 1L << 30, 1L << 30);
        }

        @Override
        public Buffer allocate(long bytes) {
            return new Bytes(bytes);
        }

        @Override
        public void free(Buffer buffer) {}

        @Override
        public void write(MemorySegment from, Buffer to, long toByte) {}

        @Override
        public void read(Buffer from, long fromByte, MemorySegment to) {}

        @Override
        public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
            return () -> {};
        }

        @Override
        public void clear(Buffer buffer, long fromByte, long bytes) {}

        @Override
        public Program compile(Source source) {
            return (function, grid, arguments) -> () -> {};
        }

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }

    @Test
    void noRecordingIsQueuedBetweenTheStepsOfAKernel() throws InterruptedException {
        var context = new DeviceContext(new IdleDevice());
        var x = new View(new DeviceMemory(context.device, Storage.HALF, 4, false), 0, Shape.of(4), DType.FLOAT16);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        var begun = new CountDownLatch(1);
        var tried = new CountDownLatch(1);
        Kernel widened = context.widening.prepare(List.of(x), List.of(x), (in, out) -> () -> {
            begun.countDown();
            await(tried);
            order.add("kernel");
        });
        var recorded = new Recording() {
            @Override
            public void run() {
                order.add("recording");
            }

            @Override
            public void close() {}
        };
        var recording = new DeviceRecording(recorded, context, false);
        Thread one = Thread.ofPlatform().start(widened::run);
        begun.await();
        Thread other = Thread.ofPlatform().start(recording::run);
        while (other.getState() == Thread.State.RUNNABLE || other.getState() == Thread.State.NEW) Thread.onSpinWait();
        tried.countDown();
        one.join();
        other.join();
        assertEquals(List.of("kernel", "recording"), order);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

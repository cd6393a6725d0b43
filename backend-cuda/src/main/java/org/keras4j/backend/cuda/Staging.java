package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import org.keras4j.backend.device.Transfers;

/**
 * Copies between Java's memory and the device through page-locked buffers, several of them in turn, so that the device
 * copies one while the host fills or empties the next. Calls are made under one lock.
 */
final class Staging {
    private static final int CHUNKS = 4;
    private static final int CHUNK_BYTES = 4 << 20;

    private final Driver driver;
    private final CUstream stream;
    private final Chunk[] chunks = new Chunk[CHUNKS];
    private int next;

    Staging(Driver driver, CUstream stream) {
        this.driver = driver;
        this.stream = stream;
        for (int i = 0; i < CHUNKS; i++) chunks[i] = new Chunk();
    }

    private final class Chunk {
        private final Pointer pointer = new Pointer();
        private final MemorySegment memory;
        private final CUevent event = new CUevent();

        Chunk() {
            driver.check(cuMemAllocHost(pointer, CHUNK_BYTES), "cuMemAllocHost");
            memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, CHUNK_BYTES));
            driver.check(cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
        }

        void await() {
            driver.check(cuEventSynchronize(event), "cuEventSynchronize");
        }

        void record() {
            driver.check(cuEventRecord(event, stream), "cuEventRecord");
        }
    }

    /** Copies to the device; returns once {@code from} is read. */
    void write(MemorySegment from, long address) {
        write((at, part) -> MemorySegment.copy(from, at, part, 0, part.byteSize()), from.byteSize(), address);
    }

    /** Copies rows, as {@link org.keras4j.backend.device.Device#writeRows}. */
    void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, long address) {
        write((at, part) -> Transfers.gather(from, rowBytes, rows, at, part), rowBytes * count, address);
    }

    /** Fills memory with the part of what is to be copied that begins at byte {@code at}. */
    private interface Filler {
        void fill(long at, MemorySegment part);
    }

    private void write(Filler filler, long size, long address) {
        for (long at = 0; at < size; at += CHUNK_BYTES) {
            long bytes = Math.min(CHUNK_BYTES, size - at);
            Chunk chunk = chunks[next];
            next = (next + 1) % CHUNKS;
            chunk.await();
            filler.fill(at, chunk.memory.asSlice(0, bytes));
            driver.check(
                    cuMemcpyHtoDAsync(DevicePointer.at(address + at), chunk.pointer, bytes, stream),
                    "cuMemcpyHtoDAsync");
            chunk.record();
        }
    }

    /** Copies from the device and waits for it. */
    void read(long address, MemorySegment to) {
        long count = (to.byteSize() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        int first = next;
        for (long i = 0; i < count + CHUNKS - 1; i++) {
            if (i < count) fetch(address, to, i, chunks[(int) ((first + i) % CHUNKS)]);
            long done = i - (CHUNKS - 1);
            if (done >= 0 && done < count) empty(to, done, chunks[(int) ((first + done) % CHUNKS)]);
        }
        next = (int) ((first + count) % CHUNKS);
    }

    private void fetch(long address, MemorySegment to, long i, Chunk chunk) {
        chunk.await();
        long at = i * CHUNK_BYTES;
        long bytes = Math.min(CHUNK_BYTES, to.byteSize() - at);
        driver.check(
                cuMemcpyDtoHAsync(chunk.pointer, DevicePointer.at(address + at), bytes, stream), "cuMemcpyDtoHAsync");
        chunk.record();
    }

    private static void empty(MemorySegment to, long i, Chunk chunk) {
        chunk.await();
        long at = i * CHUNK_BYTES;
        MemorySegment.copy(chunk.memory, 0, to, at, Math.min(CHUNK_BYTES, to.byteSize() - at));
    }

    /** Gives everything back; errors do not matter any more. */
    void close() {
        for (Chunk chunk : chunks) {
            cuEventDestroy(chunk.event);
            cuMemFreeHost(chunk.pointer);
        }
    }
}

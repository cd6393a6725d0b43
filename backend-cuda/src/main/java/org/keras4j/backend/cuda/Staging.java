package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.device.Transfers;

/**
 * Copies between Java's memory and the device through page-locked buffers, several of them in turn, so that the device
 * copies one while the host fills or empties the next. What is large goes to the device on a stream of its own, while
 * kernels of the step before still run, to land beside the place where it belongs; from there it is moved in its turn. Calls
 * are made under one lock.
 */
final class Staging {
    private static final int FEWEST_CHUNKS = 4;
    private static final int MOST_CHUNKS = 16; // 64 MiB: a batch of images and half of the next
    private static final int CHUNK_BYTES = 4 << 20;
    private static final int LEAST_OVERLAPPED = 1 << 20; // below, the streams' waiting for each other costs as much

    private final Driver driver;
    private final CUstream stream;
    private final CUstream copies = new CUstream();
    /** The one that was used longest ago is at {@code next}. */
    private final List<Chunk> chunks = new ArrayList<>();

    private int next;
    private boolean full;

    /** Copies in the order of {@code stream}. */
    Staging(Driver driver, CUstream stream) {
        this.driver = driver;
        this.stream = stream;
        driver.check(cuStreamCreate(copies, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        for (int i = 0; i < FEWEST_CHUNKS; i++) {
            var pointer = new Pointer();
            driver.check(cuMemAllocHost(pointer, CHUNK_BYTES), "cuMemAllocHost");
            chunks.add(new Chunk(pointer));
        }
    }

    private final class Chunk {
        private final Pointer pointer;
        private final MemorySegment memory;
        private final CUevent copied = new CUevent();
        private final CUevent moved = new CUevent();
        private @Nullable CUdeviceptr landing;

        Chunk(Pointer pointer) {
            this.pointer = pointer;
            memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, CHUNK_BYTES));
            for (CUevent event : List.of(copied, moved))
                driver.check(cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
        }

        boolean isCopied() {
            return cuEventQuery(copied) == CUresult.CUDA_SUCCESS;
        }

        void await() {
            driver.check(cuEventSynchronize(copied), "cuEventSynchronize");
        }

        void record(CUevent event, CUstream queue) {
            driver.check(cuEventRecord(event, queue), "cuEventRecord");
        }

        /** Copies to the device, and there, where that is worth it, by way of the landing. */
        void send(long bytes, CUdeviceptr to) {
            CUdeviceptr by = bytes < LEAST_OVERLAPPED ? null : landing();
            if (by == null) {
                driver.check(cuMemcpyHtoDAsync(to, pointer, bytes, stream), "cuMemcpyHtoDAsync");
                record(copied, stream);
                return;
            }
            driver.check(cuStreamWaitEvent(copies, moved, 0), "cuStreamWaitEvent");
            driver.check(cuMemcpyHtoDAsync(by, pointer, bytes, copies), "cuMemcpyHtoDAsync");
            record(copied, copies);
            driver.check(cuStreamWaitEvent(stream, copied, 0), "cuStreamWaitEvent");
            driver.check(cuMemcpyDtoDAsync(to, by, bytes, stream), "cuMemcpyDtoDAsync");
            record(moved, stream);
        }

        /** Returns device memory of the chunk's own; null where there is none to be had. */
        private @Nullable CUdeviceptr landing() {
            if (landing == null && !full) {
                var made = new DevicePointer();
                full = cuMemAlloc(made, CHUNK_BYTES) != CUresult.CUDA_SUCCESS;
                if (!full) landing = made;
            }
            return landing;
        }

        void close() {
            cuEventDestroy(copied);
            cuEventDestroy(moved);
            cuMemFreeHost(pointer);
            if (landing != null) cuMemFree(landing);
        }
    }

    /** Returns a chunk that may be filled: another one, as long as all are on their way and there are not many. */
    private Chunk take() {
        Chunk chunk = chunks.get(next);
        var pointer = new Pointer();
        if (chunks.size() < MOST_CHUNKS
                && !chunk.isCopied()
                && cuMemAllocHost(pointer, CHUNK_BYTES) == CUresult.CUDA_SUCCESS) {
            chunk = new Chunk(pointer);
            chunks.add(next, chunk);
        }
        next = (next + 1) % chunks.size();
        chunk.await();
        return chunk;
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
            Chunk chunk = take();
            filler.fill(at, chunk.memory.asSlice(0, bytes));
            chunk.send(bytes, DevicePointer.at(address + at));
        }
    }

    /** Copies from the device and waits for it. */
    void read(long address, MemorySegment to) {
        long count = (to.byteSize() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        int first = next;
        int turns = chunks.size();
        for (long i = 0; i < count + turns - 1; i++) {
            if (i < count) fetch(address, to, i, chunks.get((int) ((first + i) % turns)));
            long done = i - (turns - 1);
            if (done >= 0 && done < count) empty(to, done, chunks.get((int) ((first + done) % turns)));
        }
        next = (int) ((first + count) % turns);
    }

    private void fetch(long address, MemorySegment to, long i, Chunk chunk) {
        chunk.await();
        long at = i * CHUNK_BYTES;
        long bytes = Math.min(CHUNK_BYTES, to.byteSize() - at);
        driver.check(
                cuMemcpyDtoHAsync(chunk.pointer, DevicePointer.at(address + at), bytes, stream), "cuMemcpyDtoHAsync");
        chunk.record(chunk.copied, stream);
    }

    private static void empty(MemorySegment to, long i, Chunk chunk) {
        chunk.await();
        long at = i * CHUNK_BYTES;
        MemorySegment.copy(chunk.memory, 0, to, at, Math.min(CHUNK_BYTES, to.byteSize() - at));
    }

    /** Gives everything back; errors do not matter any more. */
    void close() {
        chunks.forEach(Chunk::close);
        cuStreamDestroy(copies);
    }
}

package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxReset;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeAsync;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD8Async;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream_flags;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;
import org.keras4j.backend.device.BinaryCache;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.OutOfDeviceMemoryException;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Traits;

/** One NVIDIA GPU: its primary context, one stream, and memory from the stream-ordered allocator. */
final class CudaDevice implements Device {
    private static final ThreadLocal<CudaDevice> ENTERED = new ThreadLocal<>();

    final Driver driver;
    /** Ten times the compute capability. */
    final int capability;

    private final CUdevice device;
    private final CUcontext context = new CUcontext();
    private final DeviceStream stream = new DeviceStream();
    private final Traits traits;
    private final Nvrtc compiler;
    private final String target;
    private final BinaryCache cache;
    private final Optional<MemoryPool> pool;
    private final Staging staging;
    private final GraphRecorder recorder;
    private final AtomicLong held = new AtomicLong();
    private volatile boolean closed;

    /** Opens a device that the driver has answered for. */
    CudaDevice(CudaLibraries libraries, DeviceFacts facts) {
        driver = new Driver(facts.name());
        device = facts.device();
        capability = facts.capability();
        compiler = libraries.compiler();
        target = compiler.target(facts.capability())
                .orElseThrow(() -> new BackendUnavailableException(facts.name()
                        + " has compute capability " + facts.capability() / 10 + "." + facts.capability() % 10
                        + ", and NVRTC "
                        + compiler.version()
                        + " compiles for newer ones only; install an older NVRTC (12 still knows 5.0)"));
        String key = facts.name() + "|" + target + "|NVRTC " + compiler.version() + "|driver " + facts.driverVersion();
        traits = facts.traits(key);
        cache = new BinaryCache(key);
        driver.check(cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        try {
            enter();
            driver.check(cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
            pool = facts.pools() ? MemoryPool.of(libraries.driver(), facts.ordinal()) : Optional.empty();
            staging = new Staging(driver, stream);
            recorder = new GraphRecorder(this);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    @Override
    public Traits traits() {
        return traits;
    }

    /** Makes the device's context the calling thread's. */
    void enter() {
        if (ENTERED.get() == this && !Thread.currentThread().isVirtual()) {
            if (driver.isBroken()) driver.requireWhole();
            return;
        }
        driver.requireWhole();
        driver.check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
        ENTERED.set(this);
    }

    /** Returns where the calling thread's work is queued: the device's stream, or the one that is being recorded. */
    DeviceStream stream() {
        DeviceStream recorded = recorder.current();
        return recorded == null ? stream : recorded;
    }

    @Override
    public Buffer allocate(long bytes) {
        enterUnrecorded("allocates memory");
        long size = Math.max(1, bytes);
        var pointer = new DevicePointer();
        int code = tryAllocate(pointer, size);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            // what was freed may be held in pieces that are too small
            driver.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
            pool.ifPresent(MemoryPool::trim);
            code = tryAllocate(pointer, size);
        }
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY)
            throw new OutOfDeviceMemoryException(traits.name(), size, held.get(), free());
        driver.check(code, "cuMemAlloc of " + size + " bytes");
        held.addAndGet(size);
        return new CudaBuffer(pointer.address(), size);
    }

    private int tryAllocate(DevicePointer pointer, long bytes) {
        return pool.isPresent() ? cuMemAllocAsync(pointer, bytes, stream) : cuMemAlloc(pointer, bytes);
    }

    private long free() {
        long[] free = new long[1];
        long[] total = new long[1];
        if (cuMemGetInfo(free, total) != 0) return -1;
        return free[0] + pool.map(MemoryPool::idle).orElse(0L);
    }

    @Override
    public void free(Buffer buffer) {
        if (isGone()) return; // went with the context
        enter();
        var b = (CudaBuffer) buffer;
        int code;
        if (pool.isPresent()) code = cuMemFreeAsync(DevicePointer.at(b.address()), stream);
        else {
            driver.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
            code = cuMemFree(DevicePointer.at(b.address()));
        }
        driver.check(code, "cuMemFree");
        held.addAndGet(-b.bytes());
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        synchronized (staging) {
            enterUnrecorded("copies from the host");
            staging.write(from, ((CudaBuffer) to).address() + toByte);
        }
    }

    @Override
    public void writeRows(MemorySegment from, long rowBytes, int[] rows, int count, Buffer to, long toByte) {
        synchronized (staging) {
            enterUnrecorded("copies from the host");
            staging.writeRows(from, rowBytes, rows, count, ((CudaBuffer) to).address() + toByte);
        }
    }

    @Override
    public void read(Buffer from, long fromByte, MemorySegment to) {
        synchronized (staging) {
            enterUnrecorded("copies to the host");
            staging.read(((CudaBuffer) from).address() + fromByte, to);
        }
    }

    /** Returns the error of a library that did not do what it was asked for; while recording, that may be the reason. */
    RuntimeException refusal(String message) {
        return recorder.current() == null ? new RefusedException(message) : new NotRecordableException(message);
    }

    boolean isRecording() {
        return recorder.current() != null;
    }

    /** For what cannot be part of a recording. */
    private void enterUnrecorded(String what) {
        if (recorder.current() != null) throw new NotRecordableException("It " + what);
        enter();
    }

    @Override
    public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        var source = DevicePointer.at(((CudaBuffer) from).address() + fromByte);
        var goal = DevicePointer.at(((CudaBuffer) to).address() + toByte);
        return () -> {
            enter();
            driver.check(cuMemcpyDtoDAsync(goal, source, bytes, stream()), "cuMemcpyDtoDAsync");
        };
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        if (bytes == 0) return;
        enter();
        var start = DevicePointer.at(((CudaBuffer) buffer).address() + fromByte);
        driver.check(cuMemsetD8Async(start, (byte) 0, bytes, stream()), "cuMemsetD8Async");
    }

    @Override
    public Program compile(Source source) {
        enterUnrecorded("compiles");
        Optional<byte[]> known = cache.get(source, target);
        if (known.isPresent()) {
            var module = new CUmodule();
            if (cuModuleLoadData(module, known.get()) == 0) return new CudaProgram(this, module);
            cache.remove(source, target); // damaged, or of another driver
        }
        byte[] image = compiler.compile(source, target);
        var module = new CUmodule();
        driver.check(cuModuleLoadData(module, image), "cuModuleLoadData of " + source.name());
        cache.put(source, target, image);
        return new CudaProgram(this, module);
    }

    @Override
    public Optional<Recording> record(Kernel all) {
        if (recorder.current() != null) return Optional.empty();
        enter();
        return recorder.record(all);
    }

    @Override
    public void finish() {
        enterUnrecorded("waits");
        driver.check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    /** Says whether the device is closed or lost, so that nothing needs to be given back to it. */
    boolean isGone() {
        return closed || driver.isBroken();
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        if (driver.isBroken()) {
            cuDevicePrimaryCtxReset(device);
            return;
        }
        cuCtxSetCurrent(context);
        cuStreamSynchronize(stream);
        recorder.close();
        staging.close();
        cuStreamDestroy(stream);
        release();
    }

    private void release() {
        cuDevicePrimaryCtxRelease(device);
        ENTERED.remove(); // the context may be gone, and is the thread's no longer
    }
}

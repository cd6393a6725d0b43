package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jcuda.jcudnn.JCudnn.cudnnCreate;
import static jcuda.jcudnn.JCudnn.cudnnDestroy;
import static jcuda.jcudnn.JCudnn.cudnnGetErrorString;
import static jcuda.jcudnn.JCudnn.cudnnSetStream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.View;

/** cuDNN's handle, which one thread at a time may use. */
final class Cudnn {
    static final int ALIGNMENT = 16; // of vectors of four floats

    final CudaDevice device;
    final CudaOptions options;
    private final Handle handle = new Handle();
    private final @Nullable TuningCache choices;
    private @Nullable DeviceStream stream;

    /** Starts the library; {@code choices} are what was measured, null if nothing is to be. */
    Cudnn(CudaDevice device, CudaOptions options, @Nullable TuningCache choices) {
        this.device = device;
        this.choices = choices;
        this.options = options;
        device.enter();
        check(cudnnCreate(handle), "cudnnCreate");
    }

    /** The library's handle, whose address can be read. */
    static final class Handle extends cudnnHandle {
        long address() {
            return getNativePointer();
        }
    }

    /** A call of cuDNN that answers a status. */
    interface Call {
        int run(Handle handle);
    }

    /** Makes a call on the stream that the calling thread queues work on. */
    synchronized int call(Call call) {
        device.enter();
        DeviceStream wanted = device.stream();
        if (stream != wanted) {
            check(cudnnSetStream(handle, new cudaStream_t(wanted)), "cudnnSetStream");
            stream = wanted;
        }
        return call.run(handle);
    }

    /** Returns the algorithms for a computation, the most promising or, if that is to be measured, the fastest first. */
    List<ConvDirection.Algorithm> algorithms(
            ConvDirection direction, ConvShape shape, View x, ConvDescriptors descriptors) {
        if (choices == null) return ask(direction, descriptors, false);
        String key = "conv " + direction.name().toLowerCase(Locale.ROOT) + " " + x.dtype()
                + (x.memory().storage() == Storage.HALF ? " in 16 bits" : "")
                + (options.tf32() ? " tf32 " : " ") + shape.key();
        Optional<List<ConvDirection.Algorithm>> kept = choices.get(key).flatMap(ConvDirection.Algorithm::parse);
        if (kept.isPresent()) return kept.get();
        List<ConvDirection.Algorithm> fresh = ask(direction, descriptors, true);
        choices.put(key, ConvDirection.Algorithm.text(fresh));
        return fresh;
    }

    private List<ConvDirection.Algorithm> ask(ConvDirection direction, ConvDescriptors descriptors, boolean measure) {
        List<ConvDirection.Algorithm> found = new ArrayList<>();
        call(handle -> {
            found.addAll(direction.algorithms(handle, descriptors, measure));
            return 0;
        });
        return List.copyOf(found);
    }

    /** Returns the most bytes of workspace that an algorithm may have. */
    long mostWorkspace() {
        return Math.min(1L << 30, device.traits().memoryBytes() / 16);
    }

    /** Returns a factor on the host, of the type that cuDNN wants for tensors of float64 ({@code wide}) or others. */
    static Pointer number(boolean wide, double value) {
        MemorySegment place = Arena.ofAuto().allocate(8, 8);
        if (wide) place.set(JAVA_DOUBLE, 0, value);
        else place.set(JAVA_FLOAT, 0, (float) value);
        return Pointer.to(place.asByteBuffer());
    }

    /** Returns cuDNN's name of what the elements of a view are kept in. */
    static int type(View view) {
        return type(view.dtype(), view.memory().storage());
    }

    static int type(DType dtype, Storage storage) {
        return switch (storage) {
            case HALF -> dtype == DType.FLOAT16 ? cudnnDataType.CUDNN_DATA_HALF : cudnnDataType.CUDNN_DATA_BFLOAT16;
            case FLOAT -> cudnnDataType.CUDNN_DATA_FLOAT;
            case DOUBLE -> cudnnDataType.CUDNN_DATA_DOUBLE;
            case INT, LONG -> throw new RefusedException("cuDNN computes nothing of " + dtype);
        };
    }

    static boolean isAligned(View view) {
        return Products.address(view) % ALIGNMENT == 0;
    }

    /**
     * Returns where a tensor begins.
     *
     * @throws RefusedException if cuDNN's kernels may not be able to read there
     */
    static Pointer aligned(View view) {
        if (!isAligned(view)) throw new RefusedException("A tensor is not aligned on " + ALIGNMENT + " bytes");
        return DevicePointer.at(Products.address(view));
    }

    /** Throws where cuDNN has failed. */
    static void check(int status, String what) {
        if (status != 0) throw new CudaException(status, "cuDNN: " + what + " failed with " + describe(status));
    }

    /** Throws where cuDNN does not do what it was asked for. */
    static void request(int status, String what) {
        if (status != 0) throw new RefusedException("cuDNN refused " + what + " with " + describe(status));
    }

    private static String describe(int status) {
        return cudnnGetErrorString(status) + " (" + status + ")";
    }

    void close() {
        if (device.isGone()) return;
        device.enter();
        cudnnDestroy(handle);
    }
}

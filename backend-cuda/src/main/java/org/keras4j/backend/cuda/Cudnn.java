package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreate;
import static jcuda.jcudnn.JCudnn.cudnnDestroy;
import static jcuda.jcudnn.JCudnn.cudnnGetErrorString;
import static jcuda.jcudnn.JCudnn.cudnnSetStream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;

/** cuDNN's handle, which one thread at a time may use. */
final class Cudnn {
    final CudaDevice device;
    final CudaOptions options;
    private final cudnnHandle handle = new cudnnHandle();
    private final Map<String, List<ConvDirection.Algorithm>> measured = new ConcurrentHashMap<>();
    private @Nullable DeviceStream stream;

    Cudnn(CudaDevice device, CudaOptions options) {
        this.device = device;
        this.options = options;
        device.enter();
        check(cudnnCreate(handle), "cudnnCreate");
    }

    /** A call of cuDNN that answers a status. */
    interface Call {
        int run(cudnnHandle handle);
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

    /** Returns the algorithms for a computation, those that were measured once if that is wanted. */
    List<ConvDirection.Algorithm> algorithms(
            ConvDirection direction, ConvShape shape, DType dtype, ConvDescriptors descriptors) {
        if (!options.autotune()) return ask(direction, descriptors, false);
        return measured.computeIfAbsent(
                direction + " " + dtype + " " + shape.key(), key -> ask(direction, descriptors, true));
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

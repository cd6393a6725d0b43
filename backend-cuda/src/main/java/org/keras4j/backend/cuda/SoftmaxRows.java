package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSoftmaxBackward;
import static jcuda.jcudnn.JCudnn.cudnnSoftmaxForward;

import java.lang.ref.Cleaner;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnSoftmaxAlgorithm;
import jcuda.jcudnn.cudnnSoftmaxMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;

/** Softmax of rows, its logarithm and its gradient by cuDNN. To that library, a row is the channels of an image. */
final class SoftmaxRows {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Cudnn cudnn;
    private final cudnnTensorDescriptor tensor = new cudnnTensorDescriptor();
    private final Pointer one;
    private final Pointer zero;

    private SoftmaxRows(Cudnn cudnn, View y) {
        this.cudnn = cudnn;
        cudnnTensorDescriptor described = tensor; // the cleaner must not hold this object
        Cudnn.check(cudnnCreateTensorDescriptor(described), "cudnnCreateTensorDescriptor");
        CLEANER.register(this, () -> cudnnDestroyTensorDescriptor(described));
        boolean wide = y.dtype().storage() == Storage.DOUBLE;
        one = Cudnn.number(wide, 1);
        zero = Cudnn.number(wide, 0);
        int n = y.shape().last();
        Cudnn.request(
                cudnnSetTensorNdDescriptor(
                        described,
                        wide ? cudnnDataType.CUDNN_DATA_DOUBLE : cudnnDataType.CUDNN_DATA_FLOAT,
                        4,
                        new int[] {y.size() / n, n, 1, 1},
                        new int[] {n, 1, 1, 1}),
                "rows");
    }

    /** Says whether cuDNN can do a fused operation: not what has to be rounded. */
    static boolean takes(Fusion fusion, View y) {
        boolean known = fusion instanceof Fusion.Softmax
                || fusion instanceof Fusion.LogSoftmax
                || fusion instanceof Fusion.SoftmaxGradient;
        return known && y.size() > 0 && (y.dtype() == DType.FLOAT32 || y.dtype() == DType.FLOAT64);
    }

    /**
     * Prepares what {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    static Kernel prepare(Cudnn cudnn, Fusion fusion, List<View> in, View out) {
        var rows = new SoftmaxRows(cudnn, out);
        Pointer to = Cudnn.aligned(out);
        Pointer first = Cudnn.aligned(in.getFirst());
        if (fusion instanceof Fusion.SoftmaxGradient) return rows.backward(first, Cudnn.aligned(in.get(1)), to);
        boolean logarithm = fusion instanceof Fusion.LogSoftmax;
        return rows.forward(
                logarithm ? cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_LOG : cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_ACCURATE,
                first,
                to);
    }

    private Kernel forward(int algorithm, Pointer x, Pointer y) {
        int mode = cudnnSoftmaxMode.CUDNN_SOFTMAX_MODE_INSTANCE;
        return () -> call(handle -> cudnnSoftmaxForward(handle, algorithm, mode, one, tensor, x, zero, tensor, y));
    }

    private Kernel backward(Pointer y, Pointer dy, Pointer dx) {
        int algorithm = cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_ACCURATE;
        int mode = cudnnSoftmaxMode.CUDNN_SOFTMAX_MODE_INSTANCE;
        return () -> call(
                handle -> cudnnSoftmaxBackward(handle, algorithm, mode, one, tensor, y, tensor, dy, zero, tensor, dx));
    }

    private void call(Cudnn.Call call) {
        int status = cudnn.call(call);
        if (status != 0) throw cudnn.device.refusal("cuDNN refused a softmax with status " + status);
    }
}

package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnBatchNormalizationBackward;
import static jcuda.jcudnn.JCudnn.cudnnBatchNormalizationForwardTraining;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import java.lang.ref.Cleaner;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * The normalization of batches in training, and its gradient, by cuDNN. With the moving averages of inference it is a
 * sum and a product for each element, which our kernels do in one pass with what comes before and after.
 */
final class BatchNorm {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final double epsilon;
    private final int mode;
    private final int rows;
    private final Pointer one;
    private final Pointer zero;
    private final Descriptors descriptors = new Descriptors();

    private BatchNorm(CudaBackend backend, Cudnn cudnn, double epsilon, View x) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.epsilon = epsilon;
        CLEANER.register(this, descriptors);
        boolean wide = x.dtype() == DType.FLOAT64; // statistics are float32 where x has 16 bits
        one = Cudnn.number(wide, 1);
        zero = Cudnn.number(wide, 0);
        int batch = x.shape().dim(0);
        int n = x.shape().last();
        rows = x.size() / n;
        int space = rows / batch;
        // its kernels for images want several places in each
        mode = x.shape().rank() == 2
                ? cudnnBatchNormMode.CUDNN_BATCHNORM_PER_ACTIVATION
                : cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;
        int statistics = wide ? cudnnDataType.CUDNN_DATA_DOUBLE : cudnnDataType.CUDNN_DATA_FLOAT;
        describe(descriptors.x, Cudnn.type(x), batch, n, space);
        describe(descriptors.channels, statistics, 1, n, 1);
    }

    private static void describe(cudnnTensorDescriptor tensor, int type, int batch, int n, int space) {
        int[] sizes = {batch, n, space, 1};
        int[] strides = {space * n, 1, n, n};
        Cudnn.request(cudnnSetTensorNdDescriptor(tensor, type, 4, sizes, strides), "a batch");
    }

    /** Says whether cuDNN can do it: not the variance of one element. */
    static boolean takes(Fusion fusion, List<Spec> in) {
        Spec x = in.getFirst();
        boolean known = fusion instanceof Fusion.BatchNorm || fusion instanceof Fusion.BatchNormGradient;
        return known
                && x.dtype().isFloating()
                && x.shape().size() > 0
                && x.shape().size() / x.shape().last() > 1;
    }

    /**
     * Prepares what {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    static Kernel prepare(CudaBackend backend, Cudnn cudnn, Fusion fusion, List<View> in, List<View> out) {
        return switch (fusion) {
            case Fusion.BatchNorm(double epsilon) ->
                new BatchNorm(backend, cudnn, epsilon, in.getFirst()).forward(in, out);
            case Fusion.BatchNormGradient(double epsilon) ->
                new BatchNorm(backend, cudnn, epsilon, in.getFirst()).backward(in, out);
            default -> throw new RefusedException("cuDNN has no " + fusion);
        };
    }

    /**
     * The variance of all is got from what cuDNN adds to a running variance, which is that of all but one; what is
     * there before counts for nothing, but must be a number.
     */
    private Kernel forward(List<View> in, List<View> out) {
        Pointer x = Cudnn.aligned(in.get(0));
        Pointer gamma = Cudnn.aligned(in.get(1));
        Pointer beta = Cudnn.aligned(in.get(2));
        Pointer y = Cudnn.aligned(out.get(0));
        Pointer mean = Cudnn.aligned(out.get(1));
        Pointer variance = Cudnn.aligned(out.get(2));
        Pointer d = Cudnn.aligned(out.get(3));
        View moved = out.get(2);
        Storage storage = moved.memory().storage();
        var unused = new View(backend.room(storage, moved.size()), 0, moved.shape(), moved.dtype());
        Pointer runningMean = Cudnn.aligned(unused);
        Kernel normalize = () -> call(handle -> cudnnBatchNormalizationForwardTraining(
                handle,
                mode,
                one,
                zero,
                descriptors.x,
                x,
                descriptors.x,
                y,
                descriptors.channels,
                gamma,
                beta,
                1,
                runningMean,
                variance,
                epsilon,
                mean,
                d));
        return backend.inOneGo(
                () -> backend.clear(unused), () -> backend.clear(moved), normalize, scaled(moved, (rows - 1.0) / rows));
    }

    private Kernel backward(List<View> in, List<View> out) {
        Pointer x = Cudnn.aligned(in.get(0));
        Pointer gamma = Cudnn.aligned(in.get(1));
        Pointer mean = Cudnn.aligned(in.get(2));
        Pointer d = Cudnn.aligned(in.get(3));
        Pointer dy = Cudnn.aligned(in.get(4));
        Pointer dx = Cudnn.aligned(out.get(0));
        Pointer dgamma = Cudnn.aligned(out.get(1));
        Pointer dbeta = Cudnn.aligned(out.get(2));
        return () -> call(handle -> cudnnBatchNormalizationBackward(
                handle,
                mode,
                one,
                zero,
                one,
                zero,
                descriptors.x,
                x,
                descriptors.x,
                dy,
                descriptors.x,
                dx,
                descriptors.channels,
                gamma,
                dgamma,
                dbeta,
                epsilon,
                mean,
                d));
    }

    /** Returns a kernel that multiplies in place. */
    private Kernel scaled(View v, double factor) {
        List<Expression.Node> nodes = List.of(
                new Expression.Load(0, v.dtype()),
                new Expression.Number(factor, v.dtype()),
                new Expression.Apply2(Binary.MUL, 0, 1, v.dtype()));
        return backend.elementwise(new Expression(v.shape(), nodes, List.of(2)), List.of(v), List.of(v));
    }

    private void call(Cudnn.Call call) {
        int status = cudnn.call(call);
        if (status != 0)
            throw cudnn.device.refusal("cuDNN refused to normalize a batch of " + rows + " rows with status " + status);
    }

    private static final class Descriptors implements Runnable {
        final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor channels = new cudnnTensorDescriptor();

        Descriptors() {
            Cudnn.check(cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
            Cudnn.check(cudnnCreateTensorDescriptor(channels), "cudnnCreateTensorDescriptor");
        }

        /** Gives the descriptors back. */
        @Override
        public void run() {
            cudnnDestroyTensorDescriptor(x);
            cudnnDestroyTensorDescriptor(channels);
        }
    }
}

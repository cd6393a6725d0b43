package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreatePoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyPoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnPoolingForward;
import static jcuda.jcudnn.JCudnn.cudnnSetPoolingNdDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import java.lang.ref.Cleaner;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/**
 * Pooling by cuDNN. Its gradients are not for us: that of the greatest element does not say which of several equal ones
 * gets it, and both want x and y, where ours wants less.
 */
final class Pooling implements Kernel {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Cudnn cudnn;
    private final Descriptors descriptors = new Descriptors();
    private final Pointer alpha;
    private final Pointer beta;
    private final Pointer x;
    private final Pointer y;

    /**
     * Describes a pooling that {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    Pooling(Cudnn cudnn, Op.Pool op, View x, View y) {
        this.cudnn = cudnn;
        this.x = Cudnn.aligned(x);
        this.y = Cudnn.aligned(y);
        CLEANER.register(this, descriptors);
        ConvShape shape = shape(op, x.shape(), y.shape());
        boolean max = op.function() == Op.Reduction.MAX;
        boolean wide = x.dtype().storage() == Storage.DOUBLE;
        // a sum is the average over all places of the window, those in the padding too, times their number
        alpha = Cudnn.number(wide, max ? 1 : places(op));
        beta = Cudnn.number(wide, 0);
        int type = wide ? cudnnDataType.CUDNN_DATA_DOUBLE : cudnnDataType.CUDNN_DATA_FLOAT;
        int[] xs = ConvShape.sizes(shape.batch(), shape.channels(), shape.x());
        int[] ys = ConvShape.sizes(shape.batch(), shape.channels(), shape.out());
        Cudnn.request(
                cudnnSetTensorNdDescriptor(descriptors.x, type, xs.length, xs, ConvShape.stridesOf(xs)), "a tensor");
        Cudnn.request(
                cudnnSetTensorNdDescriptor(descriptors.y, type, ys.length, ys, ConvShape.stridesOf(ys)), "a tensor");
        Cudnn.request(
                cudnnSetPoolingNdDescriptor(
                        descriptors.pooling,
                        max
                                ? cudnnPoolingMode.CUDNN_POOLING_MAX
                                : cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,
                        cudnnNanPropagation.CUDNN_PROPAGATE_NAN,
                        shape.axes(),
                        shape.kernel(),
                        shape.pads(),
                        shape.strides()),
                "a pooling");
    }

    /** Says whether cuDNN can do it: padding that is the same on both sides and smaller than the window, no dilation. */
    static boolean takes(Op.Pool op, View x, View y) {
        boolean max = op.function() == Op.Reduction.MAX;
        boolean rounds = !max && x.dtype().isNarrow();
        if ((!max && op.function() != Op.Reduction.SUM) || !x.dtype().isFloating() || rounds) return false;
        if (x.size() == 0 || y.size() == 0) return false;
        ConvShape shape = shape(op, x.shape(), y.shape());
        boolean fits = !shape.padded();
        for (int i = 0; i < shape.axes(); i++) fits &= shape.dilations()[i] == 1 && shape.pads()[i] < shape.kernel()[i];
        return fits;
    }

    private static long places(Op.Pool op) {
        long places = 1;
        for (int i = 0; i < op.size().size(); i++) places *= op.size().get(i);
        return places;
    }

    /** Returns the shape of a convolution with the same windows. */
    private static ConvShape shape(Op.Pool op, Shape x, Shape y) {
        int rank = op.window().rank();
        int[] kernel = new int[rank + 2];
        for (int i = 0; i < rank; i++) kernel[i] = op.size().get(i);
        kernel[rank] = x.last();
        kernel[rank + 1] = x.last();
        return ConvShape.of(op.window(), x, Shape.of(kernel), y);
    }

    @Override
    public void run() {
        int status = cudnn.call(handle ->
                cudnnPoolingForward(handle, descriptors.pooling, alpha, descriptors.x, x, beta, descriptors.y, y));
        if (status != 0) throw cudnn.device.refusal("cuDNN refused a pooling with status " + status);
    }

    private static final class Descriptors implements Runnable {
        final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
        final cudnnPoolingDescriptor pooling = new cudnnPoolingDescriptor();

        Descriptors() {
            Cudnn.check(cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
            Cudnn.check(cudnnCreateTensorDescriptor(y), "cudnnCreateTensorDescriptor");
            Cudnn.check(cudnnCreatePoolingDescriptor(pooling), "cudnnCreatePoolingDescriptor");
        }

        /** Gives the descriptors back. */
        @Override
        public void run() {
            cudnnDestroyTensorDescriptor(x);
            cudnnDestroyTensorDescriptor(y);
            cudnnDestroyPoolingDescriptor(pooling);
        }
    }
}

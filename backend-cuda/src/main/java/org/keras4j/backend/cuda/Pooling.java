package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreatePoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyPoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnPoolingBackward;
import static jcuda.jcudnn.JCudnn.cudnnPoolingForward;
import static jcuda.jcudnn.JCudnn.cudnnSetPoolingNdDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import java.lang.ref.Cleaner;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Window;

/** Pooling and its gradients by cuDNN. */
final class Pooling {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Cudnn cudnn;
    private final Descriptors descriptors = new Descriptors();
    private final Pointer alpha;
    private final Pointer zero;

    private Pooling(Cudnn cudnn, Op.Pool op, View example, Shape x, Shape y) {
        this.cudnn = cudnn;
        CLEANER.register(this, descriptors);
        ConvShape shape = shape(op.size(), op.window(), x, y);
        boolean max = op.function() == Op.Reduction.MAX;
        int type = Cudnn.type(example);
        boolean wide = type == cudnnDataType.CUDNN_DATA_DOUBLE;
        // a sum is the average over all places of the window, those in the padding too, times their number
        alpha = Cudnn.number(wide, max ? 1 : places(op));
        zero = Cudnn.number(wide, 0);
        int[] xs = ConvShape.sizes(shape.batch(), shape.channels(), shape.x());
        int[] ys = ConvShape.sizes(shape.batch(), shape.channels(), shape.out());
        Cudnn.request(
                cudnnSetTensorNdDescriptor(descriptors.x, type, xs.length, xs, ConvShape.stridesOf(xs)), "a tensor");
        Cudnn.request(
                cudnnSetTensorNdDescriptor(descriptors.y, type, ys.length, ys, ConvShape.stridesOf(ys)), "a tensor");
        Cudnn.request(
                cudnnSetPoolingNdDescriptor(
                        descriptors.pooling,
                        max ? greatest(cudnn) : cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,
                        cudnnNanPropagation.CUDNN_PROPAGATE_NAN,
                        shape.axes(),
                        shape.kernel(),
                        shape.pads(),
                        shape.strides()),
                "a pooling");
    }

    /** Gradients of windows that overlap are added up in any order otherwise. */
    private static int greatest(Cudnn cudnn) {
        return cudnn.options.deterministic()
                ? cudnnPoolingMode.CUDNN_POOLING_MAX_DETERMINISTIC
                : cudnnPoolingMode.CUDNN_POOLING_MAX;
    }

    /**
     * Says whether cuDNN can do it: padding that is the same on both sides and smaller than the window, no dilation.
     */
    static boolean takes(Op.Pool op, View x, View y) {
        boolean rounds = op.function() != Op.Reduction.MAX && x.dtype().isNarrow();
        return !rounds && fits(op.function(), op.size(), op.window(), x, y);
    }

    /** Says whether cuDNN can do a gradient: as {@link #takes} has it, but not what has to be rounded. */
    static boolean takesGradient(Op.PoolGradient op, View dy, View dx) {
        return !dy.dtype().isNarrow() && fits(op.function(), op.size(), op.window(), dx, dy);
    }

    private static boolean fits(Op.Reduction function, Ints size, Window window, View x, View y) {
        if (function != Op.Reduction.MAX && function != Op.Reduction.SUM) return false;
        if (!x.dtype().isFloating() || x.size() == 0 || y.size() == 0) return false;
        ConvShape shape = shape(size, window, x.shape(), y.shape());
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
    private static ConvShape shape(Ints size, Window window, Shape x, Shape y) {
        int rank = window.rank();
        int[] kernel = new int[rank + 2];
        for (int i = 0; i < rank; i++) kernel[i] = size.get(i);
        kernel[rank] = x.last();
        kernel[rank + 1] = x.last();
        return ConvShape.of(window, x, Shape.of(kernel), y);
    }

    /**
     * Prepares a pooling that {@link #takes} said yes to.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    static Kernel forward(Cudnn cudnn, Op.Pool op, View x, View y) {
        return new Pooling(cudnn, op, x, x.shape(), y.shape()).forward(Cudnn.aligned(x), Cudnn.aligned(y));
    }

    /**
     * Prepares a gradient that {@link #takesGradient} said yes to. That of a sum needs dy alone, and x and y are any
     * memory of their size; that of the greatest element wants y, which is computed anew in scratch memory.
     *
     * @throws RefusedException if cuDNN does not do it
     */
    static Kernel gradient(CudaBackend backend, Cudnn cudnn, Op.PoolGradient op, List<View> in, View dx) {
        View dy = in.getLast();
        var pool = new Op.Pool(op.function(), op.size(), op.window());
        var pooling = new Pooling(cudnn, pool, dx, dx.shape(), dy.shape());
        Pointer to = Cudnn.aligned(dx);
        Pointer from = Cudnn.aligned(dy);
        if (op.function() == Op.Reduction.SUM) return pooling.backward(to, from, from, to);
        Pointer x = Cudnn.aligned(in.getFirst());
        Shape windows = ShapeRules.pooled(dx.shape(), op.size(), op.window());
        View y = new View(backend.room(dx.memory().storage(), windows.size()), 0, windows, dx.dtype());
        Pointer best = Cudnn.aligned(y);
        return backend.inOneGo(pooling.forward(x, best), pooling.backward(x, best, from, to));
    }

    private Kernel forward(Pointer x, Pointer y) {
        return () -> call(handle ->
                cudnnPoolingForward(handle, descriptors.pooling, alpha, descriptors.x, x, zero, descriptors.y, y));
    }

    /** An average gives each place its share of dy, which {@code alpha} turns back into all of it. */
    private Kernel backward(Pointer x, Pointer y, Pointer dy, Pointer dx) {
        return () -> call(handle -> cudnnPoolingBackward(
                handle,
                descriptors.pooling,
                alpha,
                descriptors.y,
                y,
                descriptors.y,
                dy,
                descriptors.x,
                x,
                zero,
                descriptors.x,
                dx));
    }

    private void call(Cudnn.Call call) {
        int status = cudnn.call(call);
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

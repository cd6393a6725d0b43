package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionGroupCount;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionMathType;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionNdDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetFilterNdDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.View;

/** What cuDNN is told of a convolution: tensors with their channels last, kernels of rows (filter, space, channel). */
record ConvDescriptors(
        cudnnTensorDescriptor x, cudnnFilterDescriptor kernel, cudnnTensorDescriptor y, cudnnConvolutionDescriptor conv)
        implements Runnable {
    ConvDescriptors() {
        this(
                new cudnnTensorDescriptor(),
                new cudnnFilterDescriptor(),
                new cudnnTensorDescriptor(),
                new cudnnConvolutionDescriptor());
        Cudnn.check(cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
        Cudnn.check(cudnnCreateTensorDescriptor(y), "cudnnCreateTensorDescriptor");
        Cudnn.check(cudnnCreateFilterDescriptor(kernel), "cudnnCreateFilterDescriptor");
        Cudnn.check(cudnnCreateConvolutionDescriptor(conv), "cudnnCreateConvolutionDescriptor");
    }

    /**
     * Describes a convolution of tensors with elements as those of {@code example}; sums are float32, or float64.
     *
     * @throws RefusedException if cuDNN does not take it
     */
    void describe(ConvShape shape, View example, boolean tf32) {
        int type = Cudnn.type(example);
        boolean wide = type == cudnnDataType.CUDNN_DATA_DOUBLE;
        int rank = shape.axes() + 2;
        int[] xs = ConvShape.sizes(shape.batch(), shape.channels(), shape.x());
        int[] ys = ConvShape.sizes(shape.batch(), shape.filters(), shape.out());
        int[] ws = ConvShape.sizes(shape.filters(), shape.channels() / shape.groups(), shape.kernel());
        Cudnn.request(cudnnSetTensorNdDescriptor(x, type, rank, xs, ConvShape.stridesOf(xs)), "a tensor");
        Cudnn.request(cudnnSetTensorNdDescriptor(y, type, rank, ys, ConvShape.stridesOf(ys)), "a tensor");
        Cudnn.request(
                cudnnSetFilterNdDescriptor(kernel, type, cudnnTensorFormat.CUDNN_TENSOR_NHWC, rank, ws), "a kernel");
        Cudnn.request(
                cudnnSetConvolutionNdDescriptor(
                        conv,
                        shape.axes(),
                        shape.pads(),
                        shape.strides(),
                        shape.dilations(),
                        cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                        wide ? type : cudnnDataType.CUDNN_DATA_FLOAT),
                "a convolution");
        Cudnn.request(cudnnSetConvolutionGroupCount(conv, shape.groups()), "groups");
        Cudnn.request(cudnnSetConvolutionMathType(conv, math(example, tf32)), "its way to multiply");
    }

    private static int math(View example, boolean tf32) {
        if (example.memory().storage() == Storage.HALF) return cudnnMathType.CUDNN_TENSOR_OP_MATH;
        return takesTensorCores(example.dtype(), tf32)
                ? cudnnMathType.CUDNN_DEFAULT_MATH // which takes TF32 where there is it
                : cudnnMathType.CUDNN_FMA_MATH;
    }

    /** Narrow types fit into TF32, if they do not lie in 16 bits, so that tensor cores multiply them exactly. */
    static boolean takesTensorCores(DType dtype, boolean tf32) {
        return dtype != DType.FLOAT64 && (tf32 || dtype.isNarrow());
    }

    /** Gives the descriptors back. */
    @Override
    public void run() {
        cudnnDestroyTensorDescriptor(x);
        cudnnDestroyTensorDescriptor(y);
        cudnnDestroyFilterDescriptor(kernel);
        cudnnDestroyConvolutionDescriptor(conv);
    }
}

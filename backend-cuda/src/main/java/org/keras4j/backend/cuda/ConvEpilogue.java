package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBiasActivationForward;
import static jcuda.jcudnn.JCudnn.cudnnCreateActivationDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyActivationDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetActivationDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.backend.View;

/**
 * The bias and the activation that cuDNN adds to a convolution of floats in the same call. It takes ReLU and nothing at
 * all, the latter with one algorithm only. Its ReLU makes 0 of what is not a number.
 */
final class ConvEpilogue {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Descriptors descriptors = new Descriptors();
    private final boolean relu;
    private final Pointer bias;

    /**
     * Describes the ending of a convolution.
     *
     * @param bias as many numbers as there are filters
     * @throws RefusedException if cuDNN does not take it
     */
    ConvEpilogue(ConvShape shape, View bias, boolean relu) {
        this.relu = relu;
        this.bias = Cudnn.aligned(bias);
        CLEANER.register(this, descriptors);
        int[] ones = new int[shape.axes()];
        Arrays.fill(ones, 1);
        int[] sizes = ConvShape.sizes(1, shape.filters(), ones);
        Cudnn.request(
                cudnnSetTensorNdDescriptor(
                        descriptors.bias, Cudnn.type(bias), sizes.length, sizes, ConvShape.stridesOf(sizes)),
                "a bias");
        Cudnn.request(
                cudnnSetActivationDescriptor(
                        descriptors.activation,
                        relu
                                ? cudnnActivationMode.CUDNN_ACTIVATION_RELU
                                : cudnnActivationMode.CUDNN_ACTIVATION_IDENTITY,
                        cudnnNanPropagation.CUDNN_NOT_PROPAGATE_NAN, // it refuses the other
                        0),
                "an activation");
    }

    boolean fits(ConvDirection.Algorithm algorithm) {
        return relu || algorithm.number() == cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
    }

    /** Queues {@code y = activation(conv(x) + 0 y + bias)} and returns the status. */
    int launch(cudnnHandle handle, ConvDescriptors d, ConvDirection.Operands o, ConvDirection.Algorithm algorithm) {
        return cudnnConvolutionBiasActivationForward(
                handle,
                o.one(),
                d.x(),
                o.x(),
                d.kernel(),
                o.kernel(),
                d.conv(),
                algorithm.number(),
                o.workspace(),
                algorithm.workspaceBytes(),
                o.zero(),
                d.y(),
                o.y(),
                descriptors.bias,
                bias,
                descriptors.activation,
                d.y(),
                o.y());
    }

    private static final class Descriptors implements Runnable {
        final cudnnTensorDescriptor bias = new cudnnTensorDescriptor();
        final cudnnActivationDescriptor activation = new cudnnActivationDescriptor();

        Descriptors() {
            Cudnn.check(cudnnCreateTensorDescriptor(bias), "cudnnCreateTensorDescriptor");
            Cudnn.check(cudnnCreateActivationDescriptor(activation), "cudnnCreateActivationDescriptor");
        }

        /** Gives the descriptors back. */
        @Override
        public void run() {
            cudnnDestroyTensorDescriptor(bias);
            cudnnDestroyActivationDescriptor(activation);
        }
    }
}

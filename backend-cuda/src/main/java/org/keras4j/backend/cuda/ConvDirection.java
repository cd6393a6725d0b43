package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardData;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardFilter;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionForward;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardDataAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionForwardAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7;
import static jcuda.jcudnn.JCudnn.cudnnGetConvolutionForwardAlgorithm_v7;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnHandle;

/** The three computations of a convolution: cuDNN has functions of its own for each. */
enum ConvDirection {
    FORWARD {
        @Override
        List<Algorithm> algorithms(cudnnHandle handle, ConvDescriptors d, boolean measure) {
            int[] count = new int[1];
            var found = new cudnnConvolutionFwdAlgoPerf[MOST];
            for (int i = 0; i < MOST; i++) found[i] = new cudnnConvolutionFwdAlgoPerf();
            int status = measure
                    ? cudnnFindConvolutionForwardAlgorithm(
                            handle, d.x(), d.kernel(), d.conv(), d.y(), MOST, count, found)
                    : cudnnGetConvolutionForwardAlgorithm_v7(
                            handle, d.x(), d.kernel(), d.conv(), d.y(), MOST, count, found);
            Cudnn.request(status, "a convolution");
            List<Algorithm> all = new ArrayList<>();
            for (int i = 0; i < count[0]; i++)
                if (found[i].status == 0)
                    all.add(new Algorithm(found[i].algo, found[i].mathType, found[i].memory, found[i].determinism));
            return all;
        }

        @Override
        int launch(cudnnHandle handle, ConvDescriptors d, Operands o, int algorithm, long workspaceBytes) {
            return cudnnConvolutionForward(
                    handle,
                    o.one(),
                    d.x(),
                    o.x(),
                    d.kernel(),
                    o.kernel(),
                    d.conv(),
                    algorithm,
                    o.workspace(),
                    workspaceBytes,
                    o.zero(),
                    d.y(),
                    o.y());
        }
    },
    INPUT_GRADIENT {
        @Override
        List<Algorithm> algorithms(cudnnHandle handle, ConvDescriptors d, boolean measure) {
            int[] count = new int[1];
            var found = new cudnnConvolutionBwdDataAlgoPerf[MOST];
            for (int i = 0; i < MOST; i++) found[i] = new cudnnConvolutionBwdDataAlgoPerf();
            int status = measure
                    ? cudnnFindConvolutionBackwardDataAlgorithm(
                            handle, d.kernel(), d.y(), d.conv(), d.x(), MOST, count, found)
                    : cudnnGetConvolutionBackwardDataAlgorithm_v7(
                            handle, d.kernel(), d.y(), d.conv(), d.x(), MOST, count, found);
            Cudnn.request(status, "the gradient of a convolution");
            List<Algorithm> all = new ArrayList<>();
            for (int i = 0; i < count[0]; i++)
                if (found[i].status == 0)
                    all.add(new Algorithm(found[i].algo, found[i].mathType, found[i].memory, found[i].determinism));
            return all;
        }

        @Override
        int launch(cudnnHandle handle, ConvDescriptors d, Operands o, int algorithm, long workspaceBytes) {
            return cudnnConvolutionBackwardData(
                    handle,
                    o.one(),
                    d.kernel(),
                    o.kernel(),
                    d.y(),
                    o.y(),
                    d.conv(),
                    algorithm,
                    o.workspace(),
                    workspaceBytes,
                    o.zero(),
                    d.x(),
                    o.x());
        }
    },
    KERNEL_GRADIENT {
        @Override
        List<Algorithm> algorithms(cudnnHandle handle, ConvDescriptors d, boolean measure) {
            int[] count = new int[1];
            var found = new cudnnConvolutionBwdFilterAlgoPerf[MOST];
            for (int i = 0; i < MOST; i++) found[i] = new cudnnConvolutionBwdFilterAlgoPerf();
            int status = measure
                    ? cudnnFindConvolutionBackwardFilterAlgorithm(
                            handle, d.x(), d.y(), d.conv(), d.kernel(), MOST, count, found)
                    : cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                            handle, d.x(), d.y(), d.conv(), d.kernel(), MOST, count, found);
            Cudnn.request(status, "the gradient of a convolution's kernel");
            List<Algorithm> all = new ArrayList<>();
            for (int i = 0; i < count[0]; i++)
                if (found[i].status == 0)
                    all.add(new Algorithm(found[i].algo, found[i].mathType, found[i].memory, found[i].determinism));
            return all;
        }

        @Override
        int launch(cudnnHandle handle, ConvDescriptors d, Operands o, int algorithm, long workspaceBytes) {
            return cudnnConvolutionBackwardFilter(
                    handle,
                    o.one(),
                    d.x(),
                    o.x(),
                    d.y(),
                    o.y(),
                    d.conv(),
                    algorithm,
                    o.workspace(),
                    workspaceBytes,
                    o.zero(),
                    d.kernel(),
                    o.kernel());
        }
    };

    private static final int MOST = 8;

    /** Returns the algorithms that do it, the most promising or fastest first. */
    abstract List<Algorithm> algorithms(cudnnHandle handle, ConvDescriptors descriptors, boolean measure);

    /** Queues it and returns the status. */
    abstract int launch(
            cudnnHandle handle, ConvDescriptors descriptors, Operands operands, int algorithm, long workspaceBytes);

    /** An algorithm of cuDNN with the bytes of workspace that it needs. */
    record Algorithm(int number, int math, long workspaceBytes, int determinism) {
        boolean isDeterministic() {
            return determinism == cudnnDeterminism.CUDNN_DETERMINISTIC;
        }
    }

    /** Where everything is on the device, and the numbers 1 and 0 on the host. */
    record Operands(Pointer x, Pointer kernel, Pointer y, Pointer workspace, Pointer one, Pointer zero) {}
}

package org.keras4j.backend.cuda;

import static java.lang.Integer.parseInt;
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
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.Supplier;
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
            Asker<cudnnConvolutionFwdAlgoPerf> asker = measure
                    ? (most, count, found) -> cudnnFindConvolutionForwardAlgorithm(
                            handle, d.x(), d.kernel(), d.conv(), d.y(), most, count, found)
                    : (most, count, found) -> cudnnGetConvolutionForwardAlgorithm_v7(
                            handle, d.x(), d.kernel(), d.conv(), d.y(), most, count, found);
            return ask(
                    "a convolution",
                    new cudnnConvolutionFwdAlgoPerf[MOST],
                    cudnnConvolutionFwdAlgoPerf::new,
                    asker,
                    p -> new Algorithm(p.algo, p.mathType, p.memory, p.determinism, p.status));
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
            Asker<cudnnConvolutionBwdDataAlgoPerf> asker = measure
                    ? (most, count, found) -> cudnnFindConvolutionBackwardDataAlgorithm(
                            handle, d.kernel(), d.y(), d.conv(), d.x(), most, count, found)
                    : (most, count, found) -> cudnnGetConvolutionBackwardDataAlgorithm_v7(
                            handle, d.kernel(), d.y(), d.conv(), d.x(), most, count, found);
            return ask(
                    "the gradient of a convolution",
                    new cudnnConvolutionBwdDataAlgoPerf[MOST],
                    cudnnConvolutionBwdDataAlgoPerf::new,
                    asker,
                    p -> new Algorithm(p.algo, p.mathType, p.memory, p.determinism, p.status));
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
            Asker<cudnnConvolutionBwdFilterAlgoPerf> asker = measure
                    ? (most, count, found) -> cudnnFindConvolutionBackwardFilterAlgorithm(
                            handle, d.x(), d.y(), d.conv(), d.kernel(), most, count, found)
                    : (most, count, found) -> cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                            handle, d.x(), d.y(), d.conv(), d.kernel(), most, count, found);
            return ask(
                    "the gradient of a convolution's kernel",
                    new cudnnConvolutionBwdFilterAlgoPerf[MOST],
                    cudnnConvolutionBwdFilterAlgoPerf::new,
                    asker,
                    p -> new Algorithm(p.algo, p.mathType, p.memory, p.determinism, p.status));
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

    private static final int MOST = 16; // eight algorithms, each with and without tensor cores

    /** Returns the algorithms that do it, the most promising or fastest first. */
    abstract List<Algorithm> algorithms(cudnnHandle handle, ConvDescriptors descriptors, boolean measure);

    /** Queues it and returns the status. */
    abstract int launch(
            cudnnHandle handle, ConvDescriptors descriptors, Operands operands, int algorithm, long workspaceBytes);

    /** One of cuDNN's functions that list algorithms; {@code P} is what it has for one of them. */
    private interface Asker<P> {
        int ask(int most, int[] count, P[] found);
    }

    private static <P> List<Algorithm> ask(
            String what, P[] room, Supplier<P> empty, Asker<P> asker, Function<P, Algorithm> reader) {
        for (int i = 0; i < room.length; i++) room[i] = empty.get();
        int[] count = new int[1];
        Cudnn.request(asker.ask(room.length, count, room), what);
        List<Algorithm> all = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            Algorithm algorithm = reader.apply(room[i]);
            if (algorithm.status() == 0) all.add(algorithm);
        }
        return List.copyOf(all);
    }

    /** An algorithm of cuDNN with the bytes of workspace that it needs, and the status that trying it has given. */
    record Algorithm(int number, int math, long workspaceBytes, int determinism, int status) {
        boolean isDeterministic() {
            return determinism == cudnnDeterminism.CUDNN_DETERMINISTIC;
        }

        Algorithm withMath(int other) {
            return new Algorithm(number, other, workspaceBytes, determinism, status);
        }

        /** Writes algorithms in one line. */
        static String text(List<Algorithm> algorithms) {
            var line = new StringJoiner(" ");
            for (Algorithm a : algorithms)
                line.add(a.number + "," + a.math + "," + a.workspaceBytes + "," + a.determinism);
            return line.toString();
        }

        /** Reads what {@link #text} has written; empty if it is something else. */
        static Optional<List<Algorithm>> parse(String line) {
            List<Algorithm> all = new ArrayList<>();
            for (String one : line.split(" ")) {
                if (!one.matches("\\d{1,3},\\d,\\d{1,15},[01]")) return Optional.empty();
                String[] n = one.split(",");
                all.add(new Algorithm(parseInt(n[0]), parseInt(n[1]), Long.parseLong(n[2]), parseInt(n[3]), 0));
            }
            return Optional.of(List.copyOf(all));
        }
    }

    /** Where everything is on the device, and the numbers 1 and 0 on the host. */
    record Operands(Pointer x, Pointer kernel, Pointer y, Pointer workspace, Pointer one, Pointer zero) {}
}

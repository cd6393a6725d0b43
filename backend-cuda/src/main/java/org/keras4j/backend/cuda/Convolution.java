package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionMathType;

import java.lang.ref.Cleaner;
import java.util.List;
import jcuda.jcudnn.cudnnMathType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** One call of cuDNN, with its descriptors and the algorithms that do it, the best first. */
final class Convolution {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Cudnn cudnn;
    private final ConvDirection direction;
    private final ConvShape shape;
    private final ConvDescriptors descriptors;
    private final List<ConvDirection.Algorithm> algorithms;
    private int current;
    private boolean endingRefused;

    /**
     * Asks cuDNN how to compute.
     *
     * @throws RefusedException if it cannot
     */
    Convolution(Cudnn cudnn, ConvDirection direction, ConvShape shape, View x) {
        this.cudnn = cudnn;
        this.direction = direction;
        this.shape = shape;
        CudaOptions options = cudnn.options;
        descriptors = new ConvDescriptors();
        CLEANER.register(this, descriptors);
        descriptors.describe(shape, x, options.tf32());
        long most = cudnn.mostWorkspace();
        List<ConvDirection.Algorithm> all = cudnn.algorithms(direction, shape, x, descriptors).stream()
                .filter(a -> a.workspaceBytes() <= most)
                .filter(a -> !options.deterministic() || a.isDeterministic())
                .toList();
        algorithms = ConvDescriptors.takesTensorCores(x.dtype(), options.tf32()) ? all : exact(all);
        if (algorithms.isEmpty())
            throw new RefusedException("cuDNN has no algorithm for convolution " + shape.key() + " of " + x.dtype());
    }

    /**
     * Returns those that do not round float32 for tensor cores, as the default way to multiply may: those that were
     * found with plain multiplication, or where the library does not tell them apart, all that were not found with
     * tensor cores.
     */
    private static List<ConvDirection.Algorithm> exact(List<ConvDirection.Algorithm> all) {
        List<ConvDirection.Algorithm> plain = all.stream()
                .filter(a -> a.math() == cudnnMathType.CUDNN_FMA_MATH)
                .toList();
        if (!plain.isEmpty()) return plain;
        return all.stream()
                .filter(a -> a.math() == cudnnMathType.CUDNN_DEFAULT_MATH)
                .map(a -> a.withMath(cudnnMathType.CUDNN_FMA_MATH))
                .toList();
    }

    long workspaceBytes() {
        return algorithms.stream()
                .mapToLong(ConvDirection.Algorithm::workspaceBytes)
                .max()
                .orElse(0);
    }

    /** Binds it to places; should cuDNN refuse an algorithm after all, the next one is taken. */
    Kernel bind(ConvDirection.Operands operands) {
        return () -> {
            int status = 0;
            for (; current < algorithms.size(); current++) {
                ConvDirection.Algorithm a = algorithms.get(current);
                status = call(
                        a, handle -> direction.launch(handle, descriptors, operands, a.number(), a.workspaceBytes()));
                if (status == 0) return;
                if (cudnn.device.isRecording()) break;
            }
            throw cudnn.device.refusal("cuDNN refused convolution " + shape.key() + " with status " + status);
        };
    }

    /**
     * Binds it with a bias and an activation behind it; where cuDNN does not do that in one call, {@code apart} follows
     * the convolution.
     */
    Kernel bind(ConvDirection.Operands operands, ConvEpilogue ending, Kernel apart) {
        Kernel plain = bind(operands);
        return () -> {
            if (!endingRefused && current < algorithms.size() && ending.fits(algorithms.get(current))) {
                ConvDirection.Algorithm a = algorithms.get(current);
                int status = call(a, handle -> ending.launch(handle, descriptors, operands, a));
                if (status == 0) return;
                if (cudnn.device.isRecording())
                    throw cudnn.device.refusal("cuDNN refused a bias and an activation with status " + status);
                endingRefused = true;
            }
            plain.run();
            apart.run();
        };
    }

    private int call(ConvDirection.Algorithm algorithm, Cudnn.Call launch) {
        return cudnn.call(handle -> {
            int set = cudnnSetConvolutionMathType(descriptors.conv(), algorithm.math());
            return set != 0 ? set : launch.run(handle);
        });
    }
}

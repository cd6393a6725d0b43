package org.keras4j.backend.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateDropoutDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateRNNDataDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateRNNDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyDropoutDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyRNNDataDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyRNNDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnGetRNNTempSpaceSizes;
import static jcuda.jcudnn.JCudnn.cudnnGetRNNWeightParams;
import static jcuda.jcudnn.JCudnn.cudnnGetRNNWeightSpaceSize;
import static jcuda.jcudnn.JCudnn.cudnnSetDropoutDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetRNNDataDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetRNNDescriptor_v8;
import static jcuda.jcudnn.JCudnn.cudnnSetTensorNdDescriptor;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDirectionMode;
import jcuda.jcudnn.cudnnDropoutDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnRNNAlgo;
import jcuda.jcudnn.cudnnRNNBiasMode;
import jcuda.jcudnn.cudnnRNNDataDescriptor;
import jcuda.jcudnn.cudnnRNNDataLayout;
import jcuda.jcudnn.cudnnRNNDescriptor;
import jcuda.jcudnn.cudnnRNNInputMode;
import jcuda.jcudnn.cudnnRNNMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * What cuDNN knows of a recurrent layer: one layer, one direction, sequences of equal length one step after another.
 */
final class RecurrentDescriptors {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Descriptors all = new Descriptors();
    private final DType dtype;
    private final int elementBytes;
    private final long weightBytes;
    private final RecurrentWeights weights;

    private RecurrentDescriptors(CudaBackend backend, Cudnn cudnn, Fusion.Cell cell, Spec in, int units) {
        dtype = in.dtype();
        Storage storage = backend.storage(dtype);
        elementBytes = storage.bytes();
        Shape x = in.shape();
        int type = Cudnn.type(dtype, storage);
        CLEANER.register(this, all);
        cudnn.call(handle -> {
            // without a rate there is nothing to keep states for
            Cudnn.request(cudnnSetDropoutDescriptor(all.dropout, handle, 0, null, 0, 0), "no dropout");
            return 0;
        });
        boolean lstm = cell == Fusion.Cell.LSTM;
        int features = x.dim(2);
        Cudnn.request(
                cudnnSetRNNDescriptor_v8(
                        all.rnn,
                        cudnnRNNAlgo.CUDNN_RNN_ALGO_STANDARD,
                        lstm ? cudnnRNNMode.CUDNN_LSTM : cudnnRNNMode.CUDNN_GRU,
                        lstm ? cudnnRNNBiasMode.CUDNN_RNN_SINGLE_INP_BIAS : cudnnRNNBiasMode.CUDNN_RNN_DOUBLE_BIAS,
                        cudnnDirectionMode.CUDNN_UNIDIRECTIONAL,
                        cudnnRNNInputMode.CUDNN_LINEAR_INPUT,
                        type,
                        cudnnDataType.CUDNN_DATA_FLOAT,
                        math(dtype, cudnn.options),
                        features,
                        units,
                        units,
                        1,
                        all.dropout,
                        0),
                "a " + cell + " of " + units + " units");
        describe(all.x, type, x.dim(0), x.dim(1), features);
        describe(all.y, type, x.dim(0), x.dim(1), units);
        int[] sizes = {1, x.dim(1), units};
        int[] strides = {x.dim(1) * units, units, 1};
        Cudnn.request(cudnnSetTensorNdDescriptor(all.state, type, 3, sizes, strides), "a state");
        long[] bytes = new long[1];
        cudnn.call(handle -> {
            Cudnn.request(cudnnGetRNNWeightSpaceSize(handle, all.rnn, bytes), "the size of the weights");
            return 0;
        });
        weightBytes = bytes[0];
        var room = new View(backend.room(storage, weightBytes / elementBytes), 0, Shape.SCALAR, dtype);
        weights = locate(cudnn, Products.address(room), cell, features, units);
    }

    /**
     * Describes a layer.
     *
     * @param x the input, of shape (steps, batch, features)
     * @throws RefusedException if cuDNN does not do it
     */
    static RecurrentDescriptors of(CudaBackend backend, Cudnn cudnn, Fusion.Cell cell, Spec x, int units) {
        return new RecurrentDescriptors(backend, cudnn, cell, x, units);
    }

    /** Products of 16 bits are the tensor cores', with float sums; those of floats only where they may be rounded. */
    private static int math(DType dtype, CudaOptions options) {
        if (dtype.isNarrow()) return cudnnMathType.CUDNN_TENSOR_OP_MATH;
        return options.tf32() ? cudnnMathType.CUDNN_DEFAULT_MATH : cudnnMathType.CUDNN_FMA_MATH;
    }

    private static void describe(cudnnRNNDataDescriptor data, int type, int steps, int batch, int size) {
        int[] lengths = new int[batch];
        Arrays.fill(lengths, steps);
        int layout = cudnnRNNDataLayout.CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED;
        Cudnn.request(cudnnSetRNNDataDescriptor(data, type, layout, steps, batch, size, lengths, null), "a sequence");
    }

    /** Asks where the parts are if all weights begin at some address. */
    private RecurrentWeights locate(Cudnn cudnn, long base, Fusion.Cell cell, int features, int units) {
        List<Integer> matrices = new ArrayList<>();
        List<Integer> biases = new ArrayList<>();
        for (int i = 0; i < 2 * cell.gates(); i++) {
            int id = i;
            var matrix = new DevicePointer();
            var bias = new DevicePointer();
            cudnn.call(handle -> {
                Cudnn.request(
                        cudnnGetRNNWeightParams(
                                handle,
                                all.rnn,
                                0,
                                weightBytes,
                                DevicePointer.at(base),
                                id,
                                all.matrix,
                                matrix,
                                all.bias,
                                bias),
                        "the place of weights");
                return 0;
            });
            matrices.add(element(matrix.address() - base, (long) units * (i < cell.gates() ? features : units)));
            if (bias.address() != 0) biases.add(element(bias.address() - base, units));
        }
        int expected = cell == Fusion.Cell.LSTM ? cell.gates() : 2 * cell.gates();
        if (biases.size() != expected)
            throw new RefusedException("cuDNN has " + biases.size() + " biases for " + cell + ", not " + expected);
        return new RecurrentWeights(cell, features, units, List.copyOf(matrices), List.copyOf(biases));
    }

    private int element(long offset, long elements) {
        boolean fits = offset >= 0 && offset % elementBytes == 0 && offset + elementBytes * elements <= weightBytes;
        if (!fits || offset / elementBytes > Integer.MAX_VALUE)
            throw new RefusedException("cuDNN has weights at " + offset + " of " + weightBytes + " bytes");
        return (int) (offset / elementBytes);
    }

    /** Returns the bytes that cuDNN needs to work and, in training, to reserve. */
    long[] roomBytes(Cudnn cudnn, int mode) {
        long[] work = new long[1];
        long[] reserve = new long[1];
        cudnn.call(handle -> {
            Cudnn.request(cudnnGetRNNTempSpaceSizes(handle, all.rnn, mode, all.x, work, reserve), "room to work");
            return 0;
        });
        return new long[] {work[0], reserve[0]};
    }

    cudnnRNNDescriptor rnn() {
        return all.rnn;
    }

    cudnnRNNDataDescriptor x() {
        return all.x;
    }

    cudnnRNNDataDescriptor y() {
        return all.y;
    }

    /** Returns the descriptor of h and of c. */
    cudnnTensorDescriptor state() {
        return all.state;
    }

    long weightBytes() {
        return weightBytes;
    }

    RecurrentWeights weights() {
        return weights;
    }

    private static final class Descriptors implements Runnable {
        final cudnnRNNDescriptor rnn = new cudnnRNNDescriptor();
        final cudnnDropoutDescriptor dropout = new cudnnDropoutDescriptor();
        final cudnnRNNDataDescriptor x = new cudnnRNNDataDescriptor();
        final cudnnRNNDataDescriptor y = new cudnnRNNDataDescriptor();
        final cudnnTensorDescriptor state = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor matrix = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor bias = new cudnnTensorDescriptor();

        Descriptors() {
            Cudnn.check(cudnnCreateRNNDescriptor(rnn), "cudnnCreateRNNDescriptor");
            Cudnn.check(cudnnCreateDropoutDescriptor(dropout), "cudnnCreateDropoutDescriptor");
            for (cudnnRNNDataDescriptor data : List.of(x, y))
                Cudnn.check(cudnnCreateRNNDataDescriptor(data), "cudnnCreateRNNDataDescriptor");
            for (cudnnTensorDescriptor tensor : List.of(state, matrix, bias))
                Cudnn.check(cudnnCreateTensorDescriptor(tensor), "cudnnCreateTensorDescriptor");
        }

        /** Gives the descriptors back. */
        @Override
        public void run() {
            cudnnDestroyRNNDescriptor(rnn);
            cudnnDestroyDropoutDescriptor(dropout);
            for (cudnnRNNDataDescriptor data : List.of(x, y)) cudnnDestroyRNNDataDescriptor(data);
            for (cudnnTensorDescriptor tensor : List.of(state, matrix, bias)) cudnnDestroyTensorDescriptor(tensor);
        }
    }
}

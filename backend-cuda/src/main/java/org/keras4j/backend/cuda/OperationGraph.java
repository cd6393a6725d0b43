package org.keras4j.backend.cuda;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import jcuda.jcudnn.cudnnDataType;

/** A graph of operations as cuDNN compiles them into one: tensors, and operations in an order in which each has its inputs. */
final class OperationGraph {
    static final Cleaner CLEANER = Cleaner.create();

    private static final int POINTWISE = 0; // kinds of descriptors
    private static final int OPERATION_POINTWISE = 13;
    private static final int GRAPH = 15;
    private static final int TENSOR = 17;
    private static final int MATMUL = 18;
    private static final int OPERATION_MATMUL = 19;
    private static final int REDUCTION = 21;
    private static final int OPERATION_REDUCTION = 22;
    private static final int OPERATION_RESHAPE = 31;

    private static final int POINTWISE_MODE = 0; // attributes
    private static final int POINTWISE_TYPE = 1;
    private static final int POINTWISE_AXIS = 9;
    private static final int OPERATION_POINTWISE_FUNCTION = 750;
    private static final int[] OPERATION_POINTWISE_INPUTS = {751, 752, 758};
    private static final int OPERATION_POINTWISE_OUTPUT = 753;
    private static final int GRAPH_HANDLE = 800;
    private static final int GRAPH_OPERATIONS = 801;
    private static final int TENSOR_ALIGNMENT = 900;
    private static final int TENSOR_TYPE = 901;
    private static final int TENSOR_SIZES = 902;
    private static final int TENSOR_STRIDES = 903;
    private static final int TENSOR_ID = 906;
    private static final int TENSOR_IS_VIRTUAL = 907;
    private static final int TENSOR_IS_BY_VALUE = 908;
    private static final int MATMUL_TYPE = 1500;
    private static final int OPERATION_MATMUL_A = 1520;
    private static final int OPERATION_MATMUL_B = 1521;
    private static final int OPERATION_MATMUL_C = 1522;
    private static final int OPERATION_MATMUL_PRODUCT = 1523;
    private static final int REDUCTION_FUNCTION = 1600;
    private static final int REDUCTION_TYPE = 1601;
    private static final int OPERATION_REDUCTION_INPUT = 1610;
    private static final int OPERATION_REDUCTION_OUTPUT = 1611;
    private static final int OPERATION_REDUCTION_FUNCTION = 1612;
    private static final int OPERATION_RESHAPE_INPUT = 2200;
    private static final int OPERATION_RESHAPE_OUTPUT = 2201;

    /** The type of truths, which JCudnn does not know. */
    static final int BOOLEAN = 11;

    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final int FIRST_BETWEEN = 1000; // numbers of tensors that are never in memory

    /** An operation on elements, with cuDNN's number. */
    enum Function {
        ADD(0),
        MULTIPLY(1),
        DIVIDE(6),
        SUBTRACT(9),
        EXP(13),
        LOG(15),
        IDENTITY(21),
        AT_LEAST(303),
        INDEX(501),
        SELECT(601);

        private final int number;

        Function(int number) {
            this.number = number;
        }
    }

    /** What is reduced to one element, with cuDNN's number. */
    enum Reduction {
        SUM(0),
        MAX(3);

        private final int number;

        Reduction(int number) {
            this.number = number;
        }
    }

    /** A tensor of the graph, by its descriptor. */
    record Tensor(long descriptor) {}

    /** The descriptors of a graph, given back when nothing refers to it any more. */
    static final class Owned implements Runnable {
        private final CudnnDescriptors library;
        private final List<Long> all = new ArrayList<>();

        Owned(CudnnDescriptors library) {
            this.library = library;
        }

        long create(int kind) {
            long descriptor = library.create(kind);
            all.add(descriptor);
            return descriptor;
        }

        /** Gives the descriptors back, the last first. */
        @Override
        public void run() {
            for (int i = all.size() - 1; i >= 0; i--) library.destroy(all.get(i));
        }
    }

    final CudnnDescriptors library;
    final Owned owned;
    private final List<Long> operations = new ArrayList<>();
    private int between = FIRST_BETWEEN;

    OperationGraph(CudnnDescriptors library) {
        this.library = library;
        owned = new Owned(library);
        CLEANER.register(this, owned);
    }

    // ---- tensors ----------------------------------------------------------------------------------------------------

    /** Returns a tensor in memory; {@code id} is its number when addresses are given. */
    Tensor stored(int id, int type, long[] sizes, long[] strides) {
        return tensor(id, type, sizes, strides, false, false);
    }

    /** Returns one float whose address is the host's. */
    Tensor number(int id) {
        long[] one = {1, 1, 1, 1};
        return tensor(id, FLOAT, one, one, false, true);
    }

    /** Returns a tensor of floats that is nowhere in memory. */
    Tensor between(long... sizes) {
        return between(FLOAT, sizes, packed(sizes));
    }

    Tensor between(int type, long[] sizes, long[] strides) {
        return tensor(between++, type, sizes, strides, true, false);
    }

    static long[] packed(long... sizes) {
        var strides = new long[sizes.length];
        long step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= sizes[i];
        }
        return strides;
    }

    private Tensor tensor(int id, int type, long[] sizes, long[] strides, boolean virtual, boolean byValue) {
        long tensor = owned.create(TENSOR);
        library.set(tensor, TENSOR_ID, CudnnDescriptors.INT64, id);
        library.setChoice(tensor, TENSOR_TYPE, CudnnDescriptors.DATA_TYPE, type);
        library.set(tensor, TENSOR_SIZES, CudnnDescriptors.INT64, sizes);
        library.set(tensor, TENSOR_STRIDES, CudnnDescriptors.INT64, strides);
        library.set(tensor, TENSOR_ALIGNMENT, CudnnDescriptors.INT64, byValue ? Float.BYTES : Cudnn.ALIGNMENT);
        library.setFlag(tensor, TENSOR_IS_VIRTUAL, virtual);
        library.setFlag(tensor, TENSOR_IS_BY_VALUE, byValue);
        library.finish(tensor, "tensor " + id);
        return new Tensor(tensor);
    }

    // ---- operations -------------------------------------------------------------------------------------------------

    /** Adds {@code y = f(x...)}, of elements; the third x of SELECT is the condition. Returns y. */
    Tensor add(Function function, Tensor y, Tensor... x) {
        operation(pointwise(function, function == Function.AT_LEAST ? BOOLEAN : FLOAT), y, x);
        return y;
    }

    /** Adds {@code y = } the index along an axis of x's shape. Returns y. */
    Tensor addIndex(int axis, Tensor y, Tensor x) {
        long pointwise = pointwise(Function.INDEX, cudnnDataType.CUDNN_DATA_INT32);
        library.set(pointwise, POINTWISE_AXIS, CudnnDescriptors.INT64, axis);
        operation(pointwise, y, x);
        return y;
    }

    private long pointwise(Function function, int type) {
        long pointwise = owned.create(POINTWISE);
        library.setChoice(pointwise, POINTWISE_MODE, CudnnDescriptors.POINTWISE_MODE, function.number);
        library.setChoice(pointwise, POINTWISE_TYPE, CudnnDescriptors.DATA_TYPE, type);
        return pointwise;
    }

    private void operation(long pointwise, Tensor y, Tensor... x) {
        library.finish(pointwise, "a function of elements");
        long operation = owned.create(OPERATION_POINTWISE);
        set(operation, OPERATION_POINTWISE_FUNCTION, pointwise);
        set(operation, OPERATION_POINTWISE_OUTPUT, y.descriptor());
        for (int i = 0; i < x.length; i++) set(operation, OPERATION_POINTWISE_INPUTS[i], x[i].descriptor());
        finish(operation);
    }

    /** Adds {@code c = a b}, matrices of the last two axes with float sums. Returns c. */
    Tensor addProduct(Tensor c, Tensor a, Tensor b) {
        long matmul = owned.create(MATMUL);
        library.setChoice(matmul, MATMUL_TYPE, CudnnDescriptors.DATA_TYPE, FLOAT);
        library.finish(matmul, "a product");
        long operation = owned.create(OPERATION_MATMUL);
        set(operation, OPERATION_MATMUL_A, a.descriptor());
        set(operation, OPERATION_MATMUL_B, b.descriptor());
        set(operation, OPERATION_MATMUL_C, c.descriptor());
        set(operation, OPERATION_MATMUL_PRODUCT, matmul);
        finish(operation);
        return c;
    }

    /** Adds the reduction of x to y along the axes where y is smaller. Returns y. */
    Tensor addReduction(Reduction reduction, Tensor y, Tensor x) {
        long descriptor = owned.create(REDUCTION);
        library.setChoice(descriptor, REDUCTION_FUNCTION, CudnnDescriptors.REDUCTION, reduction.number);
        library.setChoice(descriptor, REDUCTION_TYPE, CudnnDescriptors.DATA_TYPE, FLOAT);
        library.finish(descriptor, "a reduction");
        long operation = owned.create(OPERATION_REDUCTION);
        set(operation, OPERATION_REDUCTION_INPUT, x.descriptor());
        set(operation, OPERATION_REDUCTION_OUTPUT, y.descriptor());
        set(operation, OPERATION_REDUCTION_FUNCTION, descriptor);
        finish(operation);
        return y;
    }

    /** Adds y, which is x with other sizes and strides. Returns y. */
    Tensor addView(Tensor y, Tensor x) {
        long operation = owned.create(OPERATION_RESHAPE);
        set(operation, OPERATION_RESHAPE_INPUT, x.descriptor());
        set(operation, OPERATION_RESHAPE_OUTPUT, y.descriptor());
        finish(operation);
        return y;
    }

    private void set(long operation, int attribute, long descriptor) {
        library.set(operation, attribute, CudnnDescriptors.DESCRIPTOR, descriptor);
    }

    private void finish(long operation) {
        library.finish(operation, "an operation");
        operations.add(operation);
    }

    /** Ends the graph and returns its descriptor. */
    long finish(GraphTarget target) {
        long graph = owned.create(GRAPH);
        target.set(library, graph, GRAPH_HANDLE);
        library.set(
                graph,
                GRAPH_OPERATIONS,
                CudnnDescriptors.DESCRIPTOR,
                operations.stream().mapToLong(Long::longValue).toArray());
        library.finish(graph, "a graph of " + operations.size() + " operations");
        return graph;
    }
}

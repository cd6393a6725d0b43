package org.keras4j.backend.cuda;

import jcuda.jcudnn.cudnnDataType;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.cuda.OperationGraph.Function;
import org.keras4j.backend.cuda.OperationGraph.Reduction;
import org.keras4j.backend.cuda.OperationGraph.Tensor;

/**
 * Attention of heads and its gradient as the graphs that cuDNN's engines for flash attention know: of 16 bits, with float
 * sums, and what is between the products nowhere in memory. Tensors lie as ours do, (batch, rows, heads, size); to cuDNN
 * they are (batch, heads, rows, size) with the strides to that.
 */
final class AttentionGraph {
    static final int Q = 1; // numbers of the tensors whose addresses are given
    static final int K = 2;
    static final int V = 3;
    static final int Y = 4;
    static final int LOGARITHMS = 5;
    static final int BIAS = 6;
    static final int DY = 7;
    static final int DQ = 8;
    static final int DK = 9;
    static final int DV = 10;
    /** Room for a float for each query of each head. */
    static final int SUMS = 11;
    /** Room for dq in floats, where several groups of threads add to it. */
    static final int WIDE_DQ = 12;

    static final int SCALE = 13; // numbers of the factors, which lie on the host
    static final int ONE = 14;
    static final int LOWEST = 15;

    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;

    /**
     * What the choice of an engine depends on.
     *
     * @param type cuDNN's name of the 16-bit type
     * @param bias the sizes (batch, heads, queries, keys) of what is added to the scores, of which the first three may be
     *     1; null if there is none
     * @param fixed whether sums have a fixed order
     */
    record Problem(
            int batch,
            int queries,
            int keys,
            int heads,
            int groups,
            int size,
            int valueSize,
            int type,
            boolean causal,
            @Nullable Shape bias,
            boolean fixed) {}

    private final Problem p;
    private final OperationGraph graph;
    private final long[] square;
    private final long[] row;
    private final Tensor q;
    private final Tensor keysTurned;
    private final Tensor scale;

    private AttentionGraph(CudnnDescriptors library, Problem problem) {
        p = problem;
        graph = new OperationGraph(library);
        square = new long[] {p.batch, p.heads, p.queries, p.keys};
        row = new long[] {p.batch, p.heads, p.queries, 1};
        q = heads(Q, p.queries, p.heads, p.size);
        keysTurned = turnedHeads(K, p.size);
        scale = graph.number(SCALE);
    }

    /** Returns the graph from Q, K, V and perhaps BIAS to Y and LOGARITHMS. */
    static OperationGraph forward(CudnnDescriptors library, Problem problem) {
        var attention = new AttentionGraph(library, problem);
        attention.addForward();
        return attention.graph;
    }

    /** Returns the graph from Q, K, V, perhaps BIAS, Y, LOGARITHMS and DY to DQ, DK and DV. */
    static OperationGraph backward(CudnnDescriptors library, Problem problem) {
        var attention = new AttentionGraph(library, problem);
        attention.addBackward();
        return attention.graph;
    }

    private void addForward() {
        Tensor scores = causal(scores());
        Tensor max = graph.addReduction(Reduction.MAX, graph.between(row), scores);
        Tensor powers = add(Function.EXP, add(Function.SUBTRACT, scores, max));
        Tensor sum = graph.addReduction(Reduction.SUM, graph.between(row), powers);
        Tensor log = graph.add(Function.LOG, graph.between(row), sum);
        graph.add(Function.ADD, logarithms(), max, log);
        Tensor weights = graph.add(Function.DIVIDE, narrow(square), powers, sum);
        Tensor v = heads(V, p.keys, p.groups, p.valueSize);
        graph.addProduct(heads(Y, p.queries, p.heads, p.valueSize), weights, v);
    }

    /**
     * The weights are e^(score - logarithm). With those, {@code dv = weights^T dy} and the scores' gradient is
     * {@code weights * (dy v^T - sum(y dy))}.
     */
    private void addBackward() {
        Tensor dy = heads(DY, p.queries, p.heads, p.valueSize);
        Tensor sums = sums(dy);
        Tensor weights = add(Function.EXP, causal(add(Function.SUBTRACT, scores(), logarithms())));
        grouped(DV, p.valueSize, turned(weights), dy);
        Tensor products = graph.addProduct(graph.between(square), dy, turnedHeads(V, p.valueSize));
        Tensor ds =
                add(Function.MULTIPLY, add(Function.MULTIPLY, add(Function.SUBTRACT, products, sums), weights), scale);
        grouped(DK, p.size, turned(ds), q);
        Tensor k = graph.addView(
                graph.between(p.type, sizes(p.keys, p.groups, p.size), strides(p.keys, p.groups, p.size)), keysTurned);
        Tensor dq = heads(DQ, p.queries, p.heads, p.size);
        if (p.fixed) {
            graph.addProduct(dq, ds, k);
        } else {
            long[] wide = sizes(p.queries, p.heads, p.size);
            graph.add(
                    Function.IDENTITY,
                    dq,
                    graph.addProduct(graph.stored(WIDE_DQ, FLOAT, wide, OperationGraph.packed(wide)), ds, k));
        }
    }

    /** Adds {@code sum(y dy)} over each row; the factor has its place among what the engines know. */
    private Tensor sums(Tensor dy) {
        long[] sizes = sizes(p.queries, p.heads, p.valueSize);
        Tensor products = graph.between(FLOAT, sizes, OperationGraph.packed(sizes));
        graph.add(Function.MULTIPLY, products, dy, heads(Y, p.queries, p.heads, p.valueSize));
        Tensor sums = graph.addReduction(Reduction.SUM, graph.between(row), products);
        Tensor stored = graph.stored(SUMS, FLOAT, row, OperationGraph.packed(row));
        return graph.add(Function.MULTIPLY, stored, sums, graph.number(ONE));
    }

    /** Adds {@code scale q k^T + bias}. */
    private Tensor scores() {
        Tensor products = graph.addProduct(graph.between(square), q, keysTurned);
        Tensor scores = add(Function.MULTIPLY, products, scale);
        if (p.bias == null) return scores;
        long[] sizes = new long[4];
        for (int i = 0; i < 4; i++) sizes[i] = p.bias.dim(i);
        return add(Function.ADD, scores, graph.stored(BIAS, p.type, sizes, OperationGraph.packed(sizes)));
    }

    /** Replaces what belongs to keys that come after their queries, if they are not to be seen. */
    private Tensor causal(Tensor scores) {
        if (!p.causal) return scores;
        Tensor query = graph.addIndex(2, between(cudnnDataType.CUDNN_DATA_INT32), scores);
        Tensor key = graph.addIndex(3, between(cudnnDataType.CUDNN_DATA_INT32), scores);
        Tensor seen = graph.add(Function.AT_LEAST, between(OperationGraph.BOOLEAN), query, key);
        return add(Function.SELECT, scores, graph.number(LOWEST), seen);
    }

    /** Adds the product of a gradient, of which there is one for each head, and adds up those that share a group. */
    private void grouped(int id, int size, Tensor a, Tensor b) {
        Tensor gradient = heads(id, p.keys, p.groups, size);
        if (p.heads == p.groups) graph.addProduct(gradient, a, b);
        else
            graph.addReduction(
                    Reduction.SUM,
                    gradient,
                    graph.addProduct(narrow(new long[] {p.batch, p.heads, p.keys, size}), a, b));
    }

    // ---- tensors ----------------------------------------------------------------------------------------------------

    private long[] sizes(int rows, int heads, int size) {
        return new long[] {p.batch, heads, rows, size};
    }

    private static long[] strides(int rows, int heads, int size) {
        return new long[] {(long) rows * heads * size, size, (long) heads * size, 1};
    }

    private Tensor heads(int id, int rows, int heads, int size) {
        return graph.stored(id, p.type, sizes(rows, heads, size), strides(rows, heads, size));
    }

    /** Returns keys or values with their last axes swapped. */
    private Tensor turnedHeads(int id, int size) {
        return graph.stored(
                id, p.type, swapped(sizes(p.keys, p.groups, size)), swapped(strides(p.keys, p.groups, size)));
    }

    /** Returns scores with their last axes swapped. */
    private Tensor turned(Tensor scores) {
        return graph.addView(graph.between(p.type, swapped(square), swapped(OperationGraph.packed(square))), scores);
    }

    private static long[] swapped(long[] x) {
        return new long[] {x[0], x[1], x[3], x[2]};
    }

    private Tensor logarithms() {
        long[] strides = {(long) p.queries * p.heads, 1, p.heads, 1};
        return graph.stored(LOGARITHMS, FLOAT, row, strides);
    }

    private Tensor narrow(long[] sizes) {
        return graph.between(p.type, sizes, OperationGraph.packed(sizes));
    }

    private Tensor between(int type) {
        return graph.between(type, square, OperationGraph.packed(square));
    }

    /** Adds a function of scores. */
    private Tensor add(Function function, Tensor... x) {
        return graph.add(function, graph.between(square), x);
    }
}

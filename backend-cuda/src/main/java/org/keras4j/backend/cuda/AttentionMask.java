package org.keras4j.backend.cuda;

import static org.keras4j.graph.Primitives.binary;
import static org.keras4j.graph.Primitives.broadcast;
import static org.keras4j.graph.Primitives.cast;
import static org.keras4j.graph.Primitives.full;
import static org.keras4j.graph.Primitives.reshape;
import static org.keras4j.graph.Primitives.scale;
import static org.keras4j.graph.Primitives.select;
import static org.keras4j.graph.Primitives.sum;
import static org.keras4j.graph.Primitives.transpose;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.graph.Composite;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;

/**
 * What a mask is to cuDNN, which has none of single scores: a bias. It makes the weights of masked keys 0, but not where
 * a query sees no key at all; what such queries want is prepared here as well. Runs before cuDNN, in memory of its own.
 */
final class AttentionMask implements Kernel {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final double MASKED = -0x1p15; // both types have it, and scores of theirs lie closer together

    /** The bias, and what else was prepared. */
    private final List<View> prepared;

    private final Composite composite;

    private AttentionMask(CudaBackend backend, UnaryOperator<List<Tensor>> function, List<View> in, List<Room> rooms) {
        List<Memory> memories = new ArrayList<>();
        List<View> views = new ArrayList<>();
        for (Room room : rooms) {
            Memory memory = backend.allocate(backend.storage(room.dtype), room.shape.size());
            memories.add(memory);
            views.add(new View(memory, 0, room.shape, room.dtype));
        }
        prepared = List.copyOf(views);
        var made = new Composite(backend, function, in, prepared);
        composite = made;
        CLEANER.register(this, () -> {
            made.close();
            memories.forEach(Memory::close);
        });
    }

    private record Room(DType dtype, Shape shape) {}

    /** Returns the shape of the bias for a mask [batch or 1, heads or 1, queries or 1, keys or 1]. */
    static Shape biasShape(Shape mask, int keys) {
        return mask.with(3, keys);
    }

    /**
     * Prepares the bias, which queries see nothing, and the mean of all values where it is theirs.
     *
     * @param in q, k, v, mask
     */
    static AttentionMask forward(CudaBackend backend, Fusion.Attention attention, List<View> in) {
        Shape q = in.get(0).shape();
        Shape v = in.get(2).shape();
        Shape mask = in.get(3).shape();
        DType dtype = in.getFirst().dtype();
        int queries = attention.causal() ? q.dim(1) : mask.dim(2);
        List<Room> rooms = new ArrayList<>(List.of(
                new Room(dtype, biasShape(mask, v.dim(1))),
                new Room(DType.BOOL, Shape.of(mask.dim(0), queries, mask.dim(1), 1))));
        if (!attention.zeroEmpty()) rooms.add(new Room(dtype, Shape.of(v.dim(0), 1, q.dim(2), v.last())));
        return new AttentionMask(
                backend,
                parameters -> {
                    Tensor keep = parameters.get(0);
                    List<Tensor> results = new ArrayList<>();
                    results.add(bias(keep, v.dim(1), dtype));
                    results.add(empty(keep, attention.causal(), queries));
                    if (!attention.zeroEmpty()) results.add(cast(mean(parameters.get(1), q.dim(2)), dtype));
                    return results;
                },
                List.of(in.get(3), in.get(2)),
                rooms);
    }

    /**
     * Prepares the bias and, where queries that see nothing get the mean of all values, what these get of their gradients.
     *
     * @param in q, k, v, mask
     */
    static AttentionMask backward(CudaBackend backend, Fusion.Attention attention, List<View> in, View dy) {
        Shape v = in.get(2).shape();
        Shape mask = in.get(3).shape();
        DType dtype = in.getFirst().dtype();
        int queries = attention.causal() ? dy.shape().dim(1) : mask.dim(2);
        List<Room> rooms = new ArrayList<>();
        rooms.add(new Room(dtype, biasShape(mask, v.dim(1))));
        if (!attention.zeroEmpty()) rooms.add(new Room(DType.FLOAT32, Shape.of(v.dim(0), 1, v.dim(2), v.last())));
        return new AttentionMask(
                backend,
                parameters -> {
                    Tensor keep = parameters.get(0);
                    List<Tensor> results = new ArrayList<>();
                    results.add(bias(keep, v.dim(1), dtype));
                    if (!attention.zeroEmpty())
                        results.add(share(empty(keep, attention.causal(), queries), parameters.get(1), v));
                    return results;
                },
                List.of(in.get(3), dy),
                rooms);
    }

    /** Returns what is added to the scores: [batch or 1, heads or 1, queries or 1, keys]. */
    View bias() {
        return prepared.getFirst();
    }

    /** Returns a bool for each query that may see nothing: [batch or 1, queries or 1, heads or 1, 1]. */
    View empty() {
        return prepared.get(1);
    }

    /** Returns the last of what was prepared: the mean [batch, 1, heads, size], or the values' share of gradients. */
    View mean() {
        return prepared.getLast();
    }

    @Override
    public void run() {
        composite.run();
    }

    private static Tensor bias(Tensor keep, int keys, DType dtype) {
        Shape shape = biasShape(keep.shape(), keys);
        return select(broadcast(keep, shape), full(0, dtype, shape), full(MASKED, dtype, shape));
    }

    /** A query sees nothing if the first key that the mask leaves is none, or one that comes after it. */
    private static Tensor empty(Tensor keep, boolean causal, int queries) {
        Shape mask = keep.shape();
        Tensor index = Primitives.iota(3, DType.INT32, mask);
        Tensor first =
                Primitives.reduce(Op.Reduction.MIN, select(keep, index, full(Integer.MAX_VALUE, DType.INT32, mask)), 3);
        Shape rows = Shape.of(mask.dim(0), mask.dim(1), queries);
        Tensor all = broadcast(reshape(first, mask.slice(0, 3)), rows);
        Tensor last = causal ? Primitives.iota(2, DType.INT32, rows) : full(Integer.MAX_VALUE - 1, DType.INT32, rows);
        return reshape(
                transpose(binary(Binary.LESS, last, all), 0, 2, 1), Shape.of(mask.dim(0), queries, mask.dim(1), 1));
    }

    /** Returns the mean of all values for each of the heads, in float32. */
    private static Tensor mean(Tensor v, int heads) {
        Shape shape = v.shape();
        int groups = shape.dim(2);
        Tensor mean = scale(sum(cast(v, DType.FLOAT32), 1), 1.0 / shape.dim(1));
        Tensor apart = reshape(mean, Shape.of(shape.dim(0), groups, 1, shape.last()));
        Shape repeated = Shape.of(shape.dim(0), groups, heads / groups, shape.last());
        return reshape(broadcast(apart, repeated), Shape.of(shape.dim(0), 1, heads, shape.last()));
    }

    /** Returns what each value gets of the gradients of queries that see nothing. */
    private static Tensor share(Tensor empty, Tensor dy, Shape v) {
        Shape shape = dy.shape();
        Tensor wide = cast(dy, DType.FLOAT32);
        Tensor kept = select(broadcast(empty, shape), wide, full(0, DType.FLOAT32, shape));
        int groups = v.dim(2);
        Tensor heads = reshape(sum(kept, 1), Shape.of(shape.dim(0), groups, shape.dim(2) / groups, shape.last()));
        return reshape(scale(sum(heads, 2), 1.0 / v.dim(1)), Shape.of(shape.dim(0), 1, groups, shape.last()));
    }
}

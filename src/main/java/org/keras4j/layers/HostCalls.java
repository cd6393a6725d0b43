package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Op;

/**
 * What becomes of calls that are made on the host, before the graph, such as looking up strings. A model is called
 * twice on this thread: once on its data, to keep what these calls give, and once for its graph, where they give places
 * that those results are fed to, in the same order.
 */
public final class HostCalls implements AutoCloseable {
    private static final ThreadLocal<@Nullable HostCalls> CURRENT = new ThreadLocal<>();

    private enum Mode {
        RECORD,
        REPLAY,
        SHAPES
    }

    private final @Nullable HostCalls outer = CURRENT.get();
    private final Mode mode;
    private final List<NDArray> results = new ArrayList<>();
    private final List<Tensor> places;
    private final int size;
    private final boolean weightsChange;
    private int next;
    private boolean dependOnBatch;

    private HostCalls(Mode mode, List<Tensor> places, int size, boolean weightsChange) {
        this.mode = mode;
        this.places = places;
        this.size = size;
        this.weightsChange = weightsChange;
        CURRENT.set(this);
    }

    /**
     * Keeps what calls on the host give from now on; see {@link #results}.
     *
     * @param training whether weights will change between these calls and the graph's runs
     */
    public static HostCalls record(boolean training) {
        return new HostCalls(Mode.RECORD, List.of(), 0, training);
    }

    /** Lets the calls on the host give these tensors, one after another. */
    public static HostCalls replay(List<Tensor> places) {
        return new HostCalls(Mode.REPLAY, places, 0, false);
    }

    /** Lets the calls on the host give tensors of the right shape, with {@code size} for unknown sizes. */
    static HostCalls shapes(int size) {
        return new HostCalls(Mode.SHAPES, List.of(), size, false);
    }

    /** Returns what the calls on the host gave, in the order of the calls. */
    public List<NDArray> results() {
        return results;
    }

    /** Says whether what the calls gave for a sample depends on the samples that came with it. */
    public boolean dependOnBatch() {
        return dependOnBatch;
    }

    /** Says whether a graph is traced for its shapes alone and will not run. */
    static boolean onlyShapes() {
        HostCalls calls = CURRENT.get();
        return calls != null && calls.mode == Mode.SHAPES;
    }

    /** Returns the result of one call, or what stands for it. */
    static Tensor result(HostLayer<?> layer, List<?> inputs, Shape shape, Supplier<NDArray> compute) {
        HostCalls calls = CURRENT.get();
        if (calls == null) {
            for (Object x : inputs) requireKnown(layer, x, false);
            return Tensor.of(compute.get());
        }
        return switch (calls.mode) {
            case RECORD -> {
                for (Object x : inputs) requireKnown(layer, x, calls.weightsChange);
                NDArray made = compute.get();
                calls.results.add(made);
                calls.dependOnBatch |= layer.dependsOnBatch();
                yield Tensor.of(made);
            }
            case REPLAY -> calls.places.get(calls.next++);
            case SHAPES -> Primitives.input(layer.name(), DType.INT64, SymbolicTrace.filled(shape, calls.size));
        };
    }

    private static void requireKnown(Layer layer, Object input, boolean weightsChange) {
        if (!(input instanceof Tensor start) || start.hasValue()) return;
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Tensor> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            Tensor t = open.removeLast();
            if (!seen.add(t)) continue;
            if (t.op() instanceof Op.Input)
                throw layer.refuse(
                        "works on the host and expected data, or a place in a model whose inputs it takes", t);
            if (weightsChange && t.op() instanceof Op.Read)
                throw layer.refuse("works on the host and cannot follow layers that are trained", t);
            open.addAll(t.inputs());
        }
    }

    @Override
    public void close() {
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
    }
}

package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.utils.Tree;

/** Finds out what a layer gives for inputs of partly unknown shape, by tracing it for two sizes. */
final class SymbolicTrace {
    /** Large enough for deep networks without padding, and easily divided where a layer splits an axis. */
    private static final int FIRST = 96;

    private static final int SECOND = 108;

    /** How much smaller a batch is, so that images of unknown size with thousands of channels can be counted. */
    private static final int BATCH = 6;

    private SymbolicTrace() {}

    static Object outputs(Layer layer, Call call) {
        boolean known =
                call.tensors(KerasTensor.class).stream().allMatch(t -> t.shape().isKnown());
        if (known) return symbols(trace(layer, call, FIRST), List.of());
        Object first = trace(layer, call, FIRST);
        return symbols(first, Tree.flatten(trace(layer, call, SECOND), Tensor.class));
    }

    /** Returns the outputs of a trace as symbols; sizes that differ in a second trace are unknown. */
    private static Object symbols(Object first, List<Tensor> second) {
        List<Tensor> seen = new ArrayList<>();
        return Objects.requireNonNull(Tree.map(first, leaf -> {
            if (!(leaf instanceof Tensor t)) return leaf;
            Shape other = second.isEmpty() ? t.shape() : second.get(seen.size()).shape();
            seen.add(t);
            return new KerasTensor(merge(t.shape(), other), t.dtype(), "keras_tensor");
        }));
    }

    private static Object trace(Layer layer, Call call, int size) {
        Call concrete = call.map(leaf -> leaf instanceof KerasTensor t ? stand(t, size) : leaf);
        try (Trace ignored = Trace.open();
                HostCalls host = HostCalls.shapes(size)) {
            return layer.applyTo(concrete);
        }
    }

    private static @Nullable Object stand(KerasTensor t, int size) {
        Shape shape = filled(t.shape(), size);
        if (!t.isStrings()) return Primitives.input(t.name(), t.dtype(), shape);
        return StringArray.blank(shape);
    }

    /** Returns the shape with a size, smaller along the batch axis, in place of the unknown ones. */
    static Shape filled(Shape shape, int size) {
        int[] dims = shape.dims();
        for (int i = 0; i < dims.length; i++) if (dims[i] == Shape.UNKNOWN) dims[i] = i == 0 ? size / BATCH : size;
        return Shape.of(dims);
    }

    private static Shape merge(Shape a, Shape b) {
        int[] dims = a.dims();
        for (int i = 0; i < dims.length; i++) if (dims[i] != b.dim(i)) dims[i] = Shape.UNKNOWN;
        return Shape.of(dims);
    }
}

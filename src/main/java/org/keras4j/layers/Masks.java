package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Op;
import org.keras4j.utils.Tree;

/** Puts Keras's masks on a layer's outputs. */
final class Masks {
    private Masks() {}

    /**
     * Returns the outputs with {@code mask} (a tensor for each output, in their structure, or null) attached where an
     * output has none yet. An output that is the layer's input itself is given another identity first, so that the
     * input keeps its own mask.
     */
    static Object attach(Layer layer, Object inputs, Object outputs, @Nullable Object mask) {
        Set<Tensor> given = Collections.newSetFromMap(new IdentityHashMap<>());
        given.addAll(Tree.flatten(inputs, Tensor.class));
        if (outputs instanceof Tensor t) return attach(given, t, firstOf(mask));
        List<@Nullable Tensor> masks = new ArrayList<>();
        Tree.forEach(mask, leaf -> masks.add(leaf instanceof Tensor t ? t : null));
        // As in Keras, the first outputs get what masks there are.
        var next = masks.iterator();
        return Objects.requireNonNull(
                Tree.map(
                        outputs,
                        leaf -> leaf instanceof Tensor t
                                ? attach(given, t, next.hasNext() ? next.next() : null)
                                : leaf),
                layer.describe());
    }

    private static @Nullable Tensor firstOf(@Nullable Object mask) {
        return mask instanceof Tensor t ? t : null;
    }

    private static Tensor attach(Set<Tensor> given, Tensor output, @Nullable Tensor mask) {
        if (!given.contains(output)) return output.mask() == null ? output.mask(mask) : output;
        if (output.mask() == mask) return output;
        return Tensor.of(new Op.Reshape(output.shape()), output).mask(mask);
    }
}

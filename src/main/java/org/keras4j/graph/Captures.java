package org.keras4j.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.keras4j.op.Op;

/** Finds what a body, such as a loop's step, uses from outside. */
final class Captures {
    private Captures() {}

    /**
     * Returns the tensors outside that the results use, each with the parameter that stands for it.
     *
     * @param isInside says of a tensor whether it is computed in the body
     */
    static Map<Tensor, Tensor> of(List<Tensor> results, Predicate<Tensor> isInside) {
        Map<Tensor, Tensor> captured = new LinkedHashMap<>();
        Set<Tensor> used = Collections.newSetFromMap(new IdentityHashMap<>());
        used.addAll(results);
        for (Tensor t : Graph.sort(results).reversed()) {
            if (!used.contains(t)) continue;
            if (isInside.test(t) || isFree(t)) used.addAll(t.inputs());
            else captured.put(t, Primitives.input("captured", t.dtype(), t.shape()));
        }
        return captured;
    }

    /** Says whether computing this in each step costs nothing, while keeping it would cost memory. */
    private static boolean isFree(Tensor t) {
        return switch (t.op()) {
            case Op.Full _, Op.Broadcast _, Op.Reshape _ -> true;
            default -> false;
        };
    }
}

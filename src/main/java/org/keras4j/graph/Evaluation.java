package org.keras4j.graph;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.NDArray;
import org.keras4j.op.Op;

/** Computes single tensors when somebody reads them. */
final class Evaluation {
    private Evaluation() {}

    /** Starts from what is known already, which for a variable may be an older value than it has now. */
    static NDArray evaluate(Tensor tensor) {
        Map<Tensor, Tensor> known = new IdentityHashMap<>();
        for (Tensor t : Graph.sort(List.of(tensor)))
            if (t.hasValue() && !(t.op() instanceof Op.Constant)) known.put(t, Tensor.of(t.value()));
        List<Tensor> roots = Graph.substitute(List.of(tensor), known);
        try (Function function = Function.of(List.of(), roots, Map.of())) {
            return function.run(List.of()).getFirst();
        }
    }
}

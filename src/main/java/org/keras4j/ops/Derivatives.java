package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;

/** Gradients for variables. */
final class Derivatives {
    private Derivatives() {}

    static List<Tensor> of(Tensor loss, List<Variable> variables) {
        List<Tensor> values = variables.stream().map(Variable::value).toList();
        List<@Nullable Tensor> found = Gradients.of(loss, values);
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Tensor g = found.get(i);
            gradients.add(g == null ? Primitives.zeros(values.get(i).spec()) : g);
        }
        return gradients;
    }
}

package org.keras4j.ops;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Graph;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;

/** Gradients for variables, and directional derivatives. */
final class Derivatives {
    private Derivatives() {}

    /** The outputs, and how they change in the direction {@code tangents}: the gradient of a gradient (Griewank 2008). */
    static <T> Jvp<T> jvp(Function<List<Tensor>, T> fun, List<Tensor> primals, List<Tensor> tangents) {
        T output = fun.apply(primals);
        List<Tensor> outputs = Nest.tensors(output, "jvp");
        List<Tensor> directions = new ArrayList<>();
        for (Tensor y : outputs) directions.add(Primitives.input("direction", y.dtype(), y.shape()));
        List<@Nullable Tensor> back = Gradients.of(outputs, directions, primals);
        List<Tensor> reached = new ArrayList<>();
        List<Tensor> cotangents = new ArrayList<>();
        for (int i = 0; i < back.size(); i++) {
            Tensor g = back.get(i);
            if (g == null) continue;
            reached.add(g);
            cotangents.add(tangents.get(i));
        }
        List<@Nullable Tensor> found = Gradients.of(reached, cotangents, directions);
        Map<Tensor, Tensor> anywhere = new IdentityHashMap<>(); // linear in the directions: any will do
        for (Tensor d : directions) anywhere.put(d, Primitives.zeros(d.spec()));
        List<Tensor> changes = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            Tensor change = found.get(i);
            Tensor known = change == null ? Primitives.zeros(outputs.get(i).spec()) : change;
            changes.add(Graph.substitute(List.of(known), anywhere).getFirst());
        }
        return new Jvp<>(output, Nest.pack(output, changes));
    }

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

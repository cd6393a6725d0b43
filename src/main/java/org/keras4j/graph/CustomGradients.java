package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Gives results a gradient that Java code says. */
public final class CustomGradients {
    private CustomGradients() {}

    /**
     * Returns {@code y} with {@code gradient} in place of its own: from the gradient of {@code y} to one for each of
     * {@code arguments}.
     *
     * @throws IllegalArgumentException if a gradient has not the dtype and shape of its argument
     */
    public static Tensor attach(
            Tensor y, List<Tensor> arguments, java.util.function.Function<Tensor, List<Tensor>> gradient) {
        Tensor upstream = Primitives.input("upstream", y.dtype(), y.shape());
        List<Tensor> results = gradient.apply(upstream);
        List<Spec> given = results.stream().map(Tensor::spec).toList();
        List<Spec> expected = arguments.stream().map(Tensor::spec).toList();
        if (!given.equals(expected))
            throw new IllegalArgumentException(
                    "customGradient: expected one gradient for each argument, " + expected + ", got " + given);
        Set<Tensor> variant = Scans.variant(List.of(upstream), results);
        Map<Tensor, Tensor> captured = Captures.of(results, variant::contains);
        List<Tensor> parameters = new ArrayList<>(captured.values());
        parameters.addFirst(upstream);
        var body = new Graph(parameters, Graph.substitute(results, captured));
        List<Tensor> inputs = new ArrayList<>();
        inputs.add(y);
        inputs.addAll(arguments);
        inputs.addAll(captured.keySet());
        return Tensor.of(new Op.CustomGradient(body, arguments.size()), inputs);
    }

    static List<@Nullable Tensor> of(Tensor y, Graph gradient, int arguments, Tensor dy) {
        Map<Tensor, Tensor> values = new IdentityHashMap<>();
        values.put(gradient.parameters().getFirst(), dy);
        for (int i = 1; i < gradient.parameters().size(); i++)
            values.put(gradient.parameters().get(i), y.input(arguments + i));
        List<@Nullable Tensor> dx =
                new ArrayList<>(Collections.nCopies(y.inputs().size(), null));
        List<Tensor> results = Graph.substitute(gradient.results(), values);
        for (int i = 0; i < arguments; i++) dx.set(1 + i, results.get(i));
        return dx;
    }
}

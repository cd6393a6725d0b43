package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keras4j.op.Op;

/** Makes {@link Op.Scan} loops from Java code that builds one step. */
public final class Scans {
    private Scans() {}

    /** One step of a loop: what is carried on, and what the step gives. */
    public record Step(List<Tensor> carried, List<Tensor> outputs) {}

    /** The values carried out of the last step, and the outputs of all steps, stacked on axis 0. */
    public record Result(List<Tensor> carried, List<Tensor> outputs) {}

    /** Builds one step from the carried values and this step's part of each sequence. */
    @FunctionalInterface
    public interface StepFunction {
        Step apply(List<Tensor> carried, List<Tensor> inputs);
    }

    /**
     * Loops over axis 0 of {@code sequences}. What a step uses from outside, and whatever does not depend on the step,
     * is computed once before the loop.
     */
    public static Result scan(
            int steps, boolean reverse, List<Tensor> initial, List<Tensor> sequences, StepFunction step) {
        List<Tensor> parameters = new ArrayList<>();
        List<Tensor> carried = new ArrayList<>();
        for (Tensor t : initial) carried.add(Primitives.input("carried", t.dtype(), t.shape()));
        List<Tensor> xs = new ArrayList<>();
        for (Tensor t : sequences)
            xs.add(Primitives.input("step", t.dtype(), t.shape().without(0)));
        parameters.addAll(carried);
        parameters.addAll(xs);
        Step body;
        Map<Variable, Tensor> updates;
        try (Trace inside = Trace.openInside()) {
            body = step.apply(carried, xs);
            updates = inside.updates();
        }
        passOn(updates, parameters);
        List<Tensor> results = new ArrayList<>(body.carried());
        results.addAll(body.outputs());

        Map<Tensor, Tensor> captured = Captures.of(results, variant(parameters, results)::contains);
        List<Tensor> inputs = new ArrayList<>(initial);
        inputs.addAll(sequences);
        inputs.addAll(captured.keySet());
        parameters.addAll(captured.values());
        var graph = new Graph(parameters, Graph.substitute(results, captured));
        Tensor loop = Tensor.of(new Op.Scan(graph, steps, reverse, initial.size(), sequences.size()), inputs);
        return new Result(items(loop, 0, initial.size()), items(loop, initial.size(), results.size()));
    }

    /**
     * Lets what a step assigned count as assigned once for the whole loop, such as the next seed of its random numbers;
     * a value that depends on {@code parameters}, and so on the step, is refused.
     */
    static void passOn(Map<Variable, Tensor> updates, List<Tensor> parameters) {
        Set<Tensor> variant = variant(parameters, List.copyOf(updates.values()));
        updates.forEach((variable, value) -> {
            if (variant.contains(value))
                throw new IllegalArgumentException("A step of a loop cannot assign to variable \"" + variable.path()
                        + "\" what depends on the step; carry it and assign it after the loop");
            variable.assign(value);
        });
    }

    static List<Tensor> items(Tensor tuple, int from, int to) {
        List<Tensor> items = new ArrayList<>();
        for (int i = from; i < to; i++) items.add(Primitives.item(tuple, i));
        return items;
    }

    /** Returns what depends on {@code parameters}, among all that {@code results} need. */
    static Set<Tensor> variant(List<Tensor> parameters, List<Tensor> results) {
        Set<Tensor> variant = Collections.newSetFromMap(new IdentityHashMap<>());
        variant.addAll(parameters);
        for (Tensor t : Graph.sort(results)) if (t.inputs().stream().anyMatch(variant::contains)) variant.add(t);
        return variant;
    }
}

package org.keras4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** Makes {@link Op.While} from Java code that builds the condition and one step. */
public final class WhileLoops {
    private WhileLoops() {}

    /**
     * Repeats {@code step} while {@code condition} (one bool) holds. What does not depend on the carried values is
     * computed once before the loop.
     *
     * @throws IllegalArgumentException if the step gives other dtypes or shapes than it takes, or assigns to a variable what depends on the step
     */
    public static List<Tensor> repeat(
            Function<List<Tensor>, Tensor> condition, Function<List<Tensor>, List<Tensor>> step, List<Tensor> initial) {
        List<Tensor> parameters = new ArrayList<>();
        for (Tensor t : initial) parameters.add(Primitives.input("carried", t.dtype(), t.shape()));
        List<Tensor> carried = List.copyOf(parameters);
        Tensor flag;
        List<Tensor> next;
        Map<Variable, Tensor> updates;
        try (Trace inside = Trace.openInside()) {
            flag = condition.apply(carried);
            next = step.apply(carried);
            updates = inside.updates();
        }
        Scans.passOn(updates, carried);
        check(initial, next, flag);
        List<Tensor> results = new ArrayList<>(next);
        results.add(flag);
        Map<Tensor, Tensor> captured = Captures.of(results, Scans.variant(carried, results)::contains);
        parameters.addAll(captured.values());
        results = Graph.substitute(results, captured);
        var test = new Graph(parameters, results.subList(next.size(), results.size()));
        var body = new Graph(parameters, results.subList(0, next.size()));
        List<Tensor> inputs = new ArrayList<>(initial);
        inputs.addAll(captured.keySet());
        return Scans.items(Tensor.of(new Op.While(test, body, initial.size()), inputs), 0, initial.size());
    }

    private static void check(List<Tensor> initial, List<Tensor> next, Tensor flag) {
        if (!flag.spec().equals(new Spec(DType.BOOL, Shape.of())))
            throw new IllegalArgumentException("Expected a condition that is one bool, got " + flag.spec());
        List<Spec> given = next.stream().map(Tensor::spec).toList();
        List<Spec> taken = initial.stream().map(Tensor::spec).toList();
        if (!given.equals(taken))
            throw new IllegalArgumentException("Expected a step to give what it is given, " + taken + ", got " + given);
    }
}

package org.keras4j.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.op.Body;
import org.keras4j.op.Spec;

/** A closed piece of graph: values for the inputs determine the outputs. Inputs are {@code Op.Input} tensors. */
public final class Graph implements Body {
    private final List<Tensor> inputs;
    private final List<Tensor> results;

    public Graph(List<Tensor> inputs, List<Tensor> results) {
        this.inputs = List.copyOf(inputs);
        this.results = List.copyOf(results);
    }

    /** Returns the input tensors. */
    public List<Tensor> parameters() {
        return inputs;
    }

    /** Returns the output tensors. */
    public List<Tensor> results() {
        return results;
    }

    @Override
    public List<Spec> inputs() {
        return inputs.stream().map(Tensor::spec).toList();
    }

    @Override
    public List<Spec> outputs() {
        return results.stream().map(Tensor::spec).toList();
    }

    /** Returns every tensor that {@code roots} need, each after its inputs. */
    public static List<Tensor> sort(List<Tensor> roots) {
        List<Tensor> order = new ArrayList<>();
        Map<Tensor, Boolean> done = new IdentityHashMap<>(); // false: on the stack, true: in the order
        var stack = new ArrayDeque<Tensor>();
        for (Tensor root : roots) {
            stack.push(root);
            while (!stack.isEmpty()) {
                Tensor t = stack.peek();
                Boolean state = done.putIfAbsent(t, false);
                if (state == null) {
                    for (int i = t.inputs().size() - 1; i >= 0; i--)
                        if (!done.containsKey(t.input(i))) stack.push(t.input(i));
                } else {
                    stack.pop();
                    if (!state) {
                        done.put(t, true);
                        order.add(t);
                    }
                }
            }
        }
        return order;
    }

    /** Returns {@code roots} with some tensors replaced, remaking what depends on them. */
    public static List<Tensor> substitute(List<Tensor> roots, Map<Tensor, Tensor> replacements) {
        Map<Tensor, Tensor> made = new IdentityHashMap<>(replacements);
        for (Tensor t : sort(roots)) {
            if (made.containsKey(t)) continue;
            List<Tensor> inputs = t.inputs().stream().map(made::get).toList();
            boolean same = true;
            for (int i = 0; same && i < inputs.size(); i++) same = inputs.get(i) == t.input(i);
            made.put(t, same ? t : t.withInputs(inputs));
        }
        return roots.stream().map(made::get).toList();
    }
}

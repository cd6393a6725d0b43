package org.keras4j.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.NDArray;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.View;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;

/** A graph that can be run: values for the inputs give the outputs and update variables. */
public final class Function {
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final Map<Variable, Tensor> updates;

    private Function(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.updates = Map.copyOf(updates);
    }

    /** Returns the function from {@code inputs} ({@code Op.Input} tensors) to {@code outputs}. */
    public static Function of(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates) {
        return new Function(inputs, outputs, updates);
    }

    /** Runs once; one array for each input, one for each output. */
    public List<NDArray> run(List<NDArray> values) {
        Backend backend = Backends.current();
        List<Tensor> roots = new ArrayList<>(outputs);
        roots.addAll(updates.values());
        Map<Tensor, List<View>> views = new IdentityHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            View view = allocate(backend, inputs.get(i).spec());
            backend.upload(values.get(i), view);
            views.put(inputs.get(i), List.of(view));
        }
        interpret(backend, roots, views);
        List<NDArray> results = new ArrayList<>();
        for (Tensor t : roots) {
            NDArray out = NDArray.zeros(t.dtype(), t.shape());
            backend.download(views.get(t).getFirst(), out);
            results.add(out);
        }
        int i = outputs.size();
        for (Variable v : updates.keySet()) v.assign(results.get(i++));
        return results.subList(0, outputs.size());
    }

    private static void interpret(Backend backend, List<Tensor> roots, Map<Tensor, List<View>> views) {
        for (Tensor t : Graph.sort(roots)) {
            if (views.containsKey(t)) continue;
            List<View> in = t.inputs().stream().map(x -> views.get(x).getFirst()).toList();
            views.put(t, switch (t.op()) {
                case Op.Constant(NDArray value) -> {
                    View v = allocate(backend, t.spec());
                    backend.upload(value, v);
                    yield List.of(v);
                }
                case Op.Read(var state) -> List.of(((Variable) state).view(backend));
                case Op.Reshape(var to) -> List.of(in.getFirst().reshape(to));
                case Op.StopGradient() -> in;
                case Op.Item(int index) -> List.of(views.get(t.input(0)).get(index));
                case Op.Scan scan -> loop(backend, scan, in, t.specs());
                case Op.Input(String name, Spec spec) ->
                    throw new IllegalArgumentException("Input \"" + name + "\" " + spec + " is not among the inputs");
                default -> {
                    List<View> out = t.specs().stream().map(s -> allocate(backend, s)).toList();
                    Lowering.prepare(backend, t.op(), in, out).run();
                    yield out;
                }
            });
        }
    }

    private static List<View> loop(Backend backend, Op.Scan scan, List<View> in, List<Spec> specs) {
        var body = (Graph) scan.body();
        List<View> out = specs.stream().map(s -> allocate(backend, s)).toList();
        List<View> carried = in.subList(0, scan.carried());
        for (int n = 0; n < scan.steps(); n++) {
            int step = scan.reverse() ? scan.steps() - 1 - n : n;
            Map<Tensor, List<View>> views = new IdentityHashMap<>();
            for (int i = 0; i < in.size(); i++) {
                View v = in.get(i);
                if (i < scan.carried()) v = carried.get(i);
                else if (i < scan.carried() + scan.sequences()) v = row(v, step);
                views.put(body.parameters().get(i), List.of(v));
            }
            interpret(backend, body.results(), views);
            List<View> results = body.results().stream().map(t -> views.get(t).getFirst()).toList();
            carried = results.subList(0, scan.carried());
            for (int i = scan.carried(); i < out.size(); i++) backend.copy(results.get(i), row(out.get(i), step)).run();
        }
        for (int i = 0; i < scan.carried(); i++) backend.copy(carried.get(i), out.get(i)).run();
        return out;
    }

    private static View row(View v, int index) {
        var shape = v.shape().without(0);
        return new View(v.memory(), v.offset() + (long) index * shape.size(), shape, v.dtype());
    }

    private static View allocate(Backend backend, Spec spec) {
        return new View(backend.allocate(spec.dtype().storage(), Math.max(1, spec.shape().size())), 0, spec.shape(), spec.dtype());
    }
}

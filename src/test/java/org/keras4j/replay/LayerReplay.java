package org.keras4j.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keras4j.replay.Replay.assertClose;
import static org.keras4j.replay.Replay.list;
import static org.keras4j.replay.Replay.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Bidirectional;
import org.keras4j.layers.Call;
import org.keras4j.layers.Layer;
import org.keras4j.utils.Tree;

/** Calls a layer as real Keras did and compares outputs, masks, losses, changed variables and gradients. */
final class LayerReplay {
    private final Map<String, Object> test;
    private final Layer layer;
    private final List<Variable> variables = new ArrayList<>();

    private LayerReplay(Map<String, Object> test) {
        this.test = test;
        this.layer = Replay.object(test, Layer.class);
    }

    static Stream<DynamicTest> tests(Set<String> classes) {
        return Replay.tests("layers", test -> {
            Assumptions.assumeTrue(classes.contains((String) test.get("class")), "another class");
            new LayerReplay(test).run();
        });
    }

    private void run() {
        Call arguments = call();
        build(arguments);
        List<Tensor> inputs = new ArrayList<>();
        List<NDArray> values = new ArrayList<>();
        // The values become inputs, so that gradients for them can be asked for.
        Map<Tensor, Tensor> made = new LinkedHashMap<>();
        Call call = arguments.map(leaf -> leaf instanceof Tensor t ? made.computeIfAbsent(t, k -> {
            Tensor input = Primitives.input("x" + inputs.size(), k.dtype(), k.shape());
            inputs.add(input);
            values.add(k.value());
            return input.mask(k.mask());
        }) : leaf);
        List<Tensor> results = new ArrayList<>();
        try (Trace trace = Trace.open()) {
            Object outputs = layer.applyTo(call);
            List<Tensor> tensors = Tree.flatten(outputs, Tensor.class);
            results.addAll(tensors);
            for (Tensor t : tensors) if (t.mask() != null) results.add(t.mask());
            List<Tensor> gradients = gradients(tensors, inputs);
            for (Tensor g : gradients) if (g != null) results.add(g);
            Function function = Function.of(inputs, results, trace.updates());
            List<NDArray> got = function.run(values);
            if (isStateful()) got = withGradientsOfSecondCall(got, tensors.size(), function.run(values));
            compare(tensors, gradients, made, got);
        }
        compareVariables();
    }

    private boolean isStateful() {
        return ((Map<?, ?>) ((Map<?, ?>) test.get("config")).get("config")).get("stateful") == Boolean.TRUE;
    }

    /** The recordings' outputs are those of a first call, their gradients those of one that started with its states. */
    private static List<NDArray> withGradientsOfSecondCall(List<NDArray> first, int outputs, List<NDArray> second) {
        List<NDArray> both = new ArrayList<>(first.subList(0, outputs));
        both.addAll(second.subList(outputs, second.size()));
        return both;
    }

    private Call call() {
        Map<String, Object> keywords = new LinkedHashMap<>();
        if (test.get("kwargs") instanceof Map<?, ?> map) map.forEach((k, v) -> keywords.put((String) k, v));
        return new Call(list(test, "args"), keywords);
    }

    private void build(Call call) {
        try (Trace ignored = Trace.open()) {
            layer.applyTo(call);
        }
        variables.addAll(layer.weights());
        if (layer instanceof org.keras4j.layers.LSTM l) variables.addAll(l.states());
        if (layer instanceof org.keras4j.layers.GRU l) variables.addAll(l.states());
        if (layer instanceof org.keras4j.layers.SimpleRNN l) variables.addAll(l.states());
        if (layer instanceof org.keras4j.layers.RNN l) variables.addAll(l.states());
        if (layer instanceof Bidirectional l) variables.addAll(l.states());
        List<?> recorded = list(test, "variables");
        for (int i = 0; i < recorded.size(); i++) {
            var v = (Map<?, ?>) recorded.get(i);
            // Layers inside that a config says how to build are built before they know what they are in.
            String path = (String) v.get("path");
            assertTrue(path.endsWith(variables.get(i).path()), "path of variable " + i + ": expected " + path + ", got " + variables.get(i).path());
            variables.get(i).assign(((Tensor) v.get("value")).value());
        }
    }

    private List<Tensor> gradients(List<Tensor> outputs, List<Tensor> inputs) {
        if (test.get("cotangents") == null) return List.of();
        List<Tensor> floats = outputs.stream().filter(t -> t.dtype().isFloating()).toList();
        List<Tensor> cotangents = new ArrayList<>();
        List<?> recorded = list(test, "cotangents");
        for (int i = 0; i < floats.size(); i++)
            cotangents.add(Primitives.cast(tensor(recorded.get(i)), floats.get(i).dtype()));
        List<Tensor> wrt = new ArrayList<>(inputs);
        for (Variable v : variables) wrt.add(v.value());
        return Gradients.of(floats, cotangents, wrt);
    }

    private void compare(List<Tensor> outputs, List<Tensor> gradients, Map<Tensor, Tensor> made, List<NDArray> got) {
        double slack = test.get("tags") != null && ((List<?>) test.get("tags")).contains("mixed") ? 200 : 1;
        List<Tensor> expected = Tree.flatten(test.get("outputs"), Tensor.class);
        assertEquals(expected.size(), outputs.size(), "number of outputs");
        int at = outputs.size();
        for (int i = 0; i < outputs.size(); i++) {
            assertClose("output " + i, expected.get(i), got.get(i), slack);
            if (expected.get(i).mask() == null) assertNull(outputs.get(i).mask(), "mask of output " + i);
            else assertNotNull(outputs.get(i).mask(), "mask of output " + i);
            if (outputs.get(i).mask() != null) assertClose("mask " + i, expected.get(i).mask(), got.get(at++));
        }
        if (gradients.isEmpty()) return;
        List<NDArray> values = new ArrayList<>();
        for (Tensor g : gradients) values.add(g == null ? null : got.get(at++));
        List<Tensor> sources = new ArrayList<>(made.keySet());
        for (Object o : test.get("input_grads") instanceof List<?> l ? l : List.of()) {
            var gradient = (Map<?, ?>) o;
            Tensor argument = (Tensor) find((String) gradient.get("path"));
            compareGradient(gradient.get("path"), gradient.get("value"), values.get(sources.indexOf(argument)), slack);
        }
        for (Object o : test.get("variable_grads") instanceof List<?> l ? l : List.of()) {
            var gradient = (Map<?, ?>) o;
            int index = ((Number) gradient.get("index")).intValue();
            compareGradient(variables.get(index).path(), gradient.get("value"), values.get(sources.size() + index), slack);
        }
    }

    private static void compareGradient(Object what, Object expected, NDArray got, double slack) {
        Tensor want = (Tensor) expected;
        NDArray value = got == null ? NDArray.zeros(DType.FLOAT32, want.shape()) : got;
        assertClose("gradient of " + what, want, value, 10 * slack);
    }

    private Object find(String path) {
        Object at = test;
        for (String key : path.split("/")) at = at instanceof List<?> l ? l.get(Integer.parseInt(key)) : ((Map<?, ?>) at).get(key);
        return at;
    }

    private void compareVariables() {
        for (Object o : list(test, "variables_after")) {
            var change = (Map<?, ?>) o;
            Variable v = variables.get(((Number) change.get("index")).intValue());
            assertClose("new value of " + v.path(), change.get("value"), v.numpy());
        }
    }
}

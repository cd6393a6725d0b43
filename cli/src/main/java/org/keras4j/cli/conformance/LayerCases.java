package org.keras4j.cli.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.StringArray;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Call;
import org.keras4j.layers.ImageLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.models.Model;
import org.keras4j.utils.Tree;

/** Calls layers and models: outputs, masks, losses, changed variables and gradients. */
final class LayerCases {
    private final Case test;
    private final Layer layer;
    private final Call call;
    private List<Variable> variables = List.of();

    private LayerCases(Case test) {
        this.test = test;
        this.layer = test.object(Layer.class);
        this.call = test.call();
    }

    static void numbers(Case test) {
        if (test.has("method")
                && !"predict".equals(test.raw("method"))
                && !"transform_images".equals(test.raw("method")))
            throw new SkipException("method " + test.raw("method") + " of a layer");
        new LayerCases(test).run();
    }

    static void shapes(Case test) {
        Layer layer = test.object(Layer.class);
        Object outputs = layer.applyTo(test.call());
        Symbols.compare(test.get("outputs"), outputs);
    }

    private void run() {
        build();
        if ("predict".equals(test.raw("method"))) {
            predict();
            return;
        }
        List<Tensor> results = new ArrayList<>();
        try (Trace trace = Trace.open()) {
            Object output = inOrder(test.get("outputs"), output());
            compareStrings(output);
            List<Tensor> outputs = Tree.flatten(output, Tensor.class);
            results.addAll(outputs);
            int masks = addMasks(outputs, results);
            List<Tensor> losses = layer.losses();
            results.addAll(losses);
            List<@Nullable Tensor> gradients = gradients(outputs);
            for (Tensor g : gradients) if (g != null) results.add(g);
            Function f = Function.of(List.of(), results, trace.updates());
            List<NDArray> got = f.run(List.of());
            compareOutputs(outputs, got);
            compareLosses(losses, got.subList(outputs.size() + masks, got.size()));
            compareVariables();
            int first = outputs.size() + masks + losses.size();
            if (layer.ownWeights().isEmpty() && isStateful()) got = f.run(List.of());
            compareGradients(gradients, got.subList(first, got.size()));
        }
    }

    /** Brings the maps in a result into the order of the recorded ones. */
    private static Object inOrder(@Nullable Object recorded, Object got) {
        if (!(recorded instanceof Map<?, ?> names && got instanceof Map<?, ?> map)) return got;
        Map<Object, Object> ordered = new LinkedHashMap<>();
        for (Object name : names.keySet()) {
            Object value = map.get(name);
            if (value == null)
                throw new MismatchException("expected outputs " + names.keySet() + ", got " + map.keySet());
            ordered.put(name, inOrder(names.get(name), value));
        }
        return ordered;
    }

    private void compareStrings(Object output) {
        List<StringArray> want = Tree.flatten(test.get("outputs"), StringArray.class);
        List<StringArray> got = Tree.flatten(output, StringArray.class);
        if (!want.equals(got)) throw new MismatchException("expected " + want + ", got " + got);
    }

    /** Calls the layer, or its method that the case names. */
    private Object output() {
        if (!"transform_images".equals(test.raw("method"))) return layer.applyTo(call);
        if (!(layer instanceof ImageLayer<?> images)) throw new SkipException("no image layer: " + layer.describe());
        boolean training = !Boolean.FALSE.equals(call.bool("training"));
        return images.transformImages((Tensor) call.first(), call.get(1, "transformation"), training);
    }

    /** Recorded gradients of layers with state belong to a second call. */
    private boolean isStateful() {
        return test.raw("config") instanceof Map<?, ?> m
                && m.get("config") instanceof Map<?, ?> c
                && Boolean.TRUE.equals(c.get("stateful"));
    }

    private void predict() {
        var model = (Model) layer;
        List<NDArray> got = model.predictAll(plain(call.first()), options -> {});
        List<Tensor> expected = Tree.flatten(test.get("outputs"), Tensor.class);
        for (int i = 0; i < expected.size(); i++)
            test.tolerance().check("output " + i, expected.get(i).value(), got.get(i));
    }

    private static Object plain(Object inputs) {
        return Objects.requireNonNull(Tree.map(inputs, leaf -> leaf instanceof Tensor t ? t.value() : leaf));
    }

    private void build() {
        try (Trace ignored = Trace.open()) {
            layer.applyTo(call);
        }
        variables = Variables.assign(layer, test.list("variables"));
    }

    private int addMasks(List<Tensor> outputs, List<Tensor> results) {
        int masks = 0;
        for (Tensor t : outputs) {
            Tensor mask = t.mask();
            if (mask == null) continue;
            results.add(mask);
            masks++;
        }
        return masks;
    }

    private List<@Nullable Tensor> gradients(List<Tensor> outputs) {
        if (!test.has("cotangents") || !test.has("input_grads") && !test.has("variable_grads")) return List.of();
        List<Tensor> floats =
                outputs.stream().filter(t -> t.dtype().isFloating()).toList();
        List<Tensor> cotangents = new ArrayList<>();
        List<?> recorded = test.list("cotangents");
        for (int i = 0; i < floats.size(); i++)
            cotangents.add(
                    Primitives.cast((Tensor) recorded.get(i), floats.get(i).dtype()));
        List<Tensor> wrt = new ArrayList<>(call.tensors(Tensor.class));
        for (Variable v : variables) wrt.add(v.value());
        return Gradients.of(floats, cotangents, wrt);
    }

    private void compareOutputs(List<Tensor> outputs, List<NDArray> got) {
        List<Tensor> expected = Tree.flatten(test.get("outputs"), Tensor.class);
        if (expected.size() != outputs.size())
            throw new MismatchException("expected " + expected.size() + " outputs, got " + outputs.size());
        int next = outputs.size();
        for (int i = 0; i < outputs.size(); i++) {
            if (expected.get(i).dtype() != outputs.get(i).dtype() && !integers(expected.get(i), outputs.get(i)))
                throw new MismatchException("output " + i + ": expected "
                        + expected.get(i).spec() + ", got " + outputs.get(i).spec());
            test.tolerance().check("output " + i, expected.get(i).value(), got.get(i));
            Tensor mask = expected.get(i).mask();
            boolean has = outputs.get(i).mask() != null;
            // Keras 3.15 masks the output of a recurrent layer that was given a mask; the recorded version does not.
            if (has && mask == null && call.kwargs().get("mask") != null)
                throw new SkipException("numbers agree, but Keras 3.15 gives the output a mask and the recording none");
            if (has != (mask != null))
                throw new MismatchException(
                        "output " + i + ": expected " + (has ? "no mask, got one" : "a mask, got none"));
            if (mask != null) Tolerance.VALUES.check("mask of output " + i, mask.value(), got.get(next));
            if (has) next++;
        }
    }

    /** Recordings keep all integers in 32 bits. */
    private static boolean integers(Tensor a, Tensor b) {
        return a.dtype().isInteger() && b.dtype().isInteger();
    }

    private void compareLosses(List<Tensor> losses, List<NDArray> got) {
        if (!test.has("losses")) return;
        List<?> expected = test.list("losses");
        if (expected.size() != losses.size())
            throw new MismatchException("expected " + expected.size() + " losses, got " + losses.size());
        for (int i = 0; i < losses.size(); i++)
            test.tolerance()
                    .check(
                            "loss " + i,
                            Objects.requireNonNull(Recording.tensor(expected.get(i)))
                                    .value(),
                            got.get(i));
    }

    private void compareVariables() {
        for (Object o : test.list("variables_after")) {
            var change = (Map<?, ?>) o;
            Variable v = variables.get(
                    Objects.requireNonNull((Number) change.get("index")).intValue());
            test.tolerance()
                    .check(
                            "new value of " + v.path(),
                            Objects.requireNonNull((Tensor) change.get("value")).value(),
                            v.numpy());
        }
    }

    private void compareGradients(List<@Nullable Tensor> gradients, List<NDArray> got) {
        if (gradients.isEmpty() || test.isDisputed("grad_backends")) return;
        List<@Nullable NDArray> values = new ArrayList<>();
        int next = 0;
        for (Tensor g : gradients) values.add(g == null ? null : got.get(next++));
        List<Tensor> inputs = call.tensors(Tensor.class);
        for (Object o : test.list("input_grads")) {
            var gradient = (Map<?, ?>) o;
            String path = String.valueOf(gradient.get("path"));
            int at = inputs.indexOf(Case.follow(call, path));
            compareGradient(path, Objects.requireNonNull((Tensor) gradient.get("value")), values.get(at));
        }
        for (Object o : test.list("variable_grads")) {
            var gradient = (Map<?, ?>) o;
            int index = Objects.requireNonNull((Number) gradient.get("index")).intValue();
            compareGradient(
                    variables.get(index).path(),
                    Objects.requireNonNull((Tensor) gradient.get("value")),
                    values.get(inputs.size() + index));
        }
    }

    private void compareGradient(String what, Tensor expected, @Nullable NDArray got) {
        NDArray value = got == null ? NDArray.zeros(expected.dtype(), expected.shape()) : got;
        test.gradientTolerance().check("gradient of " + what, expected.value(), value);
    }

    /** The symbolic results of a call beside the recorded ones. */
    static final class Symbols {
        private Symbols() {}

        static void compare(@Nullable Object expected, @Nullable Object got) {
            List<KerasTensor> want = Tree.flatten(expected, KerasTensor.class);
            List<KerasTensor> have = Tree.flatten(got, KerasTensor.class);
            if (want.size() != have.size())
                throw new MismatchException("expected " + want.size() + " outputs, got " + have.size());
            for (int i = 0; i < want.size(); i++) {
                boolean integers = isInteger(want.get(i)) && isInteger(have.get(i));
                boolean same = want.get(i).shape().equals(have.get(i).shape())
                        && (integers
                                || want.get(i).dtypeName().equals(have.get(i).dtypeName()));
                if (!same)
                    throw new MismatchException("output " + i + ": expected "
                            + want.get(i).dtypeName() + want.get(i).shape() + ", got "
                            + have.get(i).dtypeName() + have.get(i).shape());
            }
        }

        private static boolean isInteger(KerasTensor t) {
            return !t.isStrings() && t.dtype().isInteger();
        }
    }
}

package org.keras4j.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import org.junit.jupiter.api.TestFactory;
import org.keras4j.Config;
import org.keras4j.NDArray;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Call;
import org.keras4j.layers.ImageLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.random.SeedGenerator;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;
import org.keras4j.utils.Tree;

/** Calls layers on what real Keras called them on: outputs, masks, losses, updated weights and gradients. */
class LayerReplayTest {
    @TestFactory
    Stream<DynamicTest> layers() {
        return Replay.tests("layers", LayerReplayTest::numbers);
    }

    @TestFactory
    Stream<DynamicTest> symbolic() {
        return Replay.tests("layers_symbolic", LayerReplayTest::shapes);
    }

    /** Prints how many cases of each class pass, and the failures of the classes given. */
    public static void main(String[] classes) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (String category : List.of("layers", "layers_symbolic"))
            Replay.tests(category, test -> {
                        int[] count = counts.computeIfAbsent((String) test.get("class"), _ -> new int[2]);
                        count[1]++;
                        try {
                            if (category.equals("layers")) numbers(test);
                            else shapes(test);
                            count[0]++;
                        } catch (Throwable e) {
                            if (Set.of(classes).contains(test.get("class"))
                                    || (classes.length == 0 && !(e instanceof org.opentest4j.TestAbortedException)))
                                report(test, e);
                        }
                    })
                    .forEach(t -> {
                        try {
                            t.getExecutable().execute();
                        } catch (Throwable e) {
                            throw new AssertionError(e);
                        }
                    });
        counts.forEach((name, n) -> {
            if (n[0] < n[1]) System.out.println(name + " " + n[0] + "/" + n[1]);
        });
        System.out.println(counts.values().stream().mapToInt(n -> n[0]).sum() + "/"
                + counts.values().stream().mapToInt(n -> n[1]).sum());
    }

    private static void report(Map<String, Object> test, Throwable e) {
        String text = String.valueOf(e);
        System.out.println(test.get("class") + " " + test.get("id") + " " + test.getOrDefault("tags", "") + "\n    "
                + text.substring(0, Math.min(400, text.length())));
        for (int i = 0; i < Math.min(4, e.getStackTrace().length); i++) System.out.println("      " + e.getStackTrace()[i]);
    }

    private static Layer layer(Map<String, Object> test) {
        var config = (Map<?, ?>) test.get("config");
        String name = (String) config.get("class_name");
        Assumptions.assumeTrue(Registry.keras().find("keras.layers", name, null) != null, "no class " + name);
        return Replay.object(test, Layer.class);
    }

    private static Call call(Map<String, Object> test) {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        ((Map<?, ?>) test.get("kwargs")).forEach((k, v) -> kwargs.put((String) k, v));
        return new Call(list(test, "args"), kwargs);
    }

    private static void build(Layer layer, Map<String, Object> test, Call call) {
        Object config = ((Map<?, ?>) test.get("config")).get("build_config");
        if (config != null) layer.buildFromConfig(new ConfigReader(Registry.keras(), "build_config", config));
        if (!layer.built()) {
            try (Trace ignored = Trace.open()) {
                layer.applyTo(call);
            }
        }
    }

    static void numbers(Map<String, Object> test) {
        String format = (String) test.get("image_data_format");
        if (format != null) Config.setImageDataFormat(format);
        try {
            numbersChecked(test);
        } finally {
            Config.setImageDataFormat("channels_last");
        }
    }

    private static void numbersChecked(Map<String, Object> test) {
        Layer layer = layer(test);
        Call call = call(test);
        build(layer, test, call);
        List<Variable> variables = new ArrayList<>(layer.weights());
        for (SeedGenerator g : layer.seedGenerators()) variables.add(g.state());
        List<?> given = list(test, "variables");
        for (int i = 0; i < given.size(); i++) {
            var spec = (Map<?, ?>) given.get(i);
            if ("state".equals(spec.get("role"))) continue;
            assertEquals(spec.get("name"), variables.get(i).name(), "weight " + i);
            variables.get(i).assign(tensor(spec.get("value")).value());
        }
        assertEquals(
                given.stream().filter(v -> !"state".equals(((Map<?, ?>) v).get("role"))).count(),
                layer.weights().size(),
                "weights");
        double slack = slack(test);
        Map<Variable, Tensor> updates;
        Object outputs;
        List<Tensor> gradients = List.of();
        List<Tensor> wrt = new ArrayList<>();
        try (Trace trace = Trace.open()) {
            List<Tensor> reads = variables.stream().map(Variable::value).toList();
            outputs = output(layer, test, call);
            updates = new LinkedHashMap<>(trace.updates());
            if (test.get("cotangents") != null) gradients = gradients(test, call, outputs, reads, wrt);
        }
        // Where a mask was an argument, some generated recordings lost the outputs' masks.
        if (String.valueOf(test.get("id")).startsWith("gen:") && call.kwargs().get("mask") != null)
            for (int i = 0; i < Tree.flatten(outputs, Tensor.class).size(); i++)
                if (Tree.flatten(test.get("outputs"), Tensor.class).get(i).mask() == null)
                    Tree.flatten(outputs, Tensor.class).get(i).mask(null);
        compare("output", test.get("outputs"), outputs, slack);
        List<Tensor> losses = layer.losses();
        List<?> expected = list(test, "losses");
        if (expected != null) {
            assertEquals(expected.size(), losses.size(), "losses");
            for (int i = 0; i < losses.size(); i++) assertClose("loss", expected.get(i), losses.get(i).value(), slack);
        }
        for (Object change : list(test, "variables_after") == null ? List.of() : list(test, "variables_after")) {
            var after = (Map<?, ?>) change;
            int index = ((Number) after.get("index")).intValue();
            if (index >= layer.weights().size()) continue;
            Tensor update = updates.get(variables.get(index));
            assertNotNull(update, "no update of " + variables.get(index));
            assertClose(variables.get(index).name() + " after", after.get("value"), update.value(), slack);
        }
        if (isStateful(test) && test.get("cotangents") != null) {
            // The recordings' outputs are those of a first call, their gradients those of a second one.
            Map<Variable, NDArray> states = new LinkedHashMap<>();
            updates.forEach((v, t) -> states.put(v, t.value()));
            states.forEach(Variable::assign);
            wrt.clear();
            try (Trace ignored = Trace.open()) {
                List<Tensor> reads = variables.stream().map(Variable::value).toList();
                gradients = gradients(test, call, layer.applyTo(call), reads, wrt);
            }
        }
        int at = 0;
        for (Object g : list(test, "input_grads") == null ? List.of() : list(test, "input_grads"))
            gradient(String.valueOf(((Map<?, ?>) g).get("path")), (Map<?, ?>) g, wrt, gradients, at++, slack);
        for (Object g : list(test, "variable_grads") == null ? List.of() : list(test, "variable_grads"))
            gradient("variable " + ((Map<?, ?>) g).get("index"), (Map<?, ?>) g, wrt, gradients, at++, slack);
    }

    private static boolean isStateful(Map<String, Object> test) {
        return ((Map<?, ?>) ((Map<?, ?>) test.get("config")).get("config")).get("stateful") == Boolean.TRUE;
    }

    private static void gradient(
            String what, Map<?, ?> expected, List<Tensor> wrt, List<Tensor> gradients, int at, double slack) {
        Tensor got = gradients.get(at);
        NDArray value = got == null ? NDArray.zeros(wrt.get(at).dtype(), wrt.get(at).shape()) : got.value();
        assertClose("gradient of " + what, expected.get("value"), value, 10 * slack);
    }

    private static List<Tensor> gradients(
            Map<String, Object> test, Call call, Object outputs, List<Tensor> reads, List<Tensor> wrt) {
        for (Object g : list(test, "input_grads")) wrt.add(at(call, (String) ((Map<?, ?>) g).get("path")));
        for (Object g : list(test, "variable_grads"))
            wrt.add(reads.get(((Number) ((Map<?, ?>) g).get("index")).intValue()));
        List<Tensor> floats = Tree.flatten(outputs, Tensor.class).stream()
                .filter(t -> t.dtype().isFloating())
                .toList();
        List<Tensor> cotangents = new ArrayList<>();
        for (int i = 0; i < floats.size(); i++) {
            Tensor c = tensor(list(test, "cotangents").get(i));
            cotangents.add(org.keras4j.ops.K.cast(c, floats.get(i).dtype()));
        }
        return wrt.isEmpty() ? List.of() : Gradients.of(floats, cotangents, wrt);
    }

    private static Object output(Layer layer, Map<String, Object> test, Call call) {
        if (!"transform_images".equals(test.get("method"))) return layer.applyTo(call);
        return ((ImageLayer<?>) layer)
                .transformImages((Tensor) call.first(), call.get(1, "transformation"), !Boolean.FALSE.equals(call.bool("training")));
    }

    private static Tensor at(Call call, String path) {
        String[] steps = path.split("/");
        Object value = steps[0].equals("args") ? call.args() : call.kwargs();
        for (int i = 1; i < steps.length; i++)
            value = value instanceof List<?> l ? l.get(Integer.parseInt(steps[i])) : ((Map<?, ?>) value).get(steps[i]);
        return (Tensor) value;
    }

    private static double slack(Map<String, Object> test) {
        List<?> tags = list(test, "tags");
        return tags != null && (tags.contains("mixed") || tags.contains("half")) ? 200 : 1;
    }

    private static void compare(String what, Object expected, Object got, double slack) {
        switch (expected) {
            case null -> assertEquals(null, got, what);
            case List<?> list -> {
                assertEquals(list.size(), ((List<?>) got).size(), what);
                for (int i = 0; i < list.size(); i++) compare(what + " " + i, list.get(i), ((List<?>) got).get(i), slack);
            }
            case Map<?, ?> map -> map.forEach((k, v) -> compare(what + " " + k, v, ((Map<?, ?>) got).get(k), slack));
            default -> {
                Tensor want = tensor(expected);
                Tensor have = (Tensor) got;
                if (expected instanceof Tensor) assertEquals(want.dtype(), have.dtype(), what + ": dtype");
                assertClose(what, want, have.value(), slack);
                assertEquals(want.mask() == null, have.mask() == null, what + ": mask");
                if (want.mask() != null) assertClose(what + " mask", want.mask(), have.mask().value());
            }
        }
    }

    static void shapes(Map<String, Object> test) {
        Layer layer = layer(test);
        Object outputs = layer.applyTo(call(test));
        compareShapes("output", test.get("outputs"), outputs);
    }

    private static void compareShapes(String what, Object expected, Object got) {
        switch (expected) {
            case List<?> list -> {
                assertEquals(list.size(), ((List<?>) got).size(), what);
                for (int i = 0; i < list.size(); i++) compareShapes(what + " " + i, list.get(i), ((List<?>) got).get(i));
            }
            case KerasTensor want -> {
                assertEquals(want.shape(), ((KerasTensor) got).shape(), what);
                assertEquals(want.dtype(), ((KerasTensor) got).dtype(), what);
            }
            default -> throw new AssertionError("expected a shape, got " + expected);
        }
    }
}

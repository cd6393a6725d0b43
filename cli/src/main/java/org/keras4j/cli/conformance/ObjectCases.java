package org.keras4j.cli.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.constraints.Constraint;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.layers.Call;
import org.keras4j.losses.Circle;
import org.keras4j.losses.Loss;
import org.keras4j.losses.Losses;
import org.keras4j.metrics.Mean;
import org.keras4j.metrics.Metric;
import org.keras4j.metrics.Sum;
import org.keras4j.models.Model;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.optimizers.schedules.LearningRateSchedule;
import org.keras4j.regularizers.Regularizer;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;
import org.keras4j.utils.Tree;

/** Losses, metrics, optimizers, schedules, initializers, regularizers, constraints and short trainings. */
final class ObjectCases {
    private static final Set<String> REFERENCES = Set.of("ref_labels", "ref_embeddings");

    private ObjectCases() {}

    static void initializer(Case test) {
        List<@Nullable Number> dims = new ArrayList<>();
        for (Object d : (List<?>) test.list("args").getFirst()) dims.add((Number) d);
        NDArray got = test.object(Initializer.class).call(Shape.of(dims), DType.FLOAT32);
        test.tolerance().check("values", value(test.get("outputs")), got);
    }

    static void regularizer(Case test) {
        Tensor x = tensor(test.list("args").getFirst());
        Tensor penalty = test.object(Regularizer.class).call(x);
        test.tolerance().check("penalty", value(test.get("outputs")), penalty.value());
        checkGradient(test, penalty, x);
    }

    static void constraint(Case test) {
        Tensor x = tensor(test.list("args").getFirst());
        test.tolerance()
                .check(
                        "weight",
                        value(test.get("outputs")),
                        test.object(Constraint.class).call(x).value());
    }

    static void schedule(Case test) {
        Tensor step = tensor(test.list("args").getFirst());
        Tensor rate = test.object(LearningRateSchedule.class).call(step);
        test.tolerance().check("rate", value(test.get("outputs")), rate.value());
    }

    static void loss(Case test) {
        Call call = test.call();
        Loss loss = test.has("config") ? test.object(Loss.class) : function(test);
        Tensor weight = Recording.tensor(call.get(2, "sample_weight"));
        Tensor prediction = tensor(call.get(1, "y_pred"));
        Tensor labels = tensor(call.get(0, "y_true"));
        Tensor refs = Recording.tensor(call.kwargs().get("ref_embeddings"));
        Tensor value = refs != null && loss instanceof Circle circle
                ? circle.withReferences(labels, prediction, tensor(call.kwargs().get("ref_labels")), refs)
                : loss.call(labels, prediction, weight);
        test.tolerance().check("loss", value(test.get("outputs")), value.value());
        checkGradient(test, value, prediction);
    }

    /** A function is the loss of its name without reduction, made with the function's keywords. */
    private static Loss function(Case test) {
        String name = String.valueOf(test.raw("function"));
        String shortName = name.substring(name.lastIndexOf('.') + 1);
        Loss known = Losses.get(shortName);
        if (known == null) throw new SkipException("function " + name + " does not exist");
        Map<String, Object> config = new LinkedHashMap<>(known.getConfig());
        if (test.raw("kwargs") instanceof Map<?, ?> kwargs)
            kwargs.forEach((k, v) -> {
                if (REFERENCES.contains(String.valueOf(k))) return;
                if (!config.containsKey(String.valueOf(k)))
                    throw new SkipException("argument " + k + " of function " + name);
                config.put(String.valueOf(k), v);
            });
        config.put("reduction", "none");
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("module", "keras.losses");
        described.put("class_name", known.className());
        described.put("config", config);
        return (Loss) Registry.keras().deserialize(described, "config");
    }

    private static void checkGradient(Case test, Tensor output, Tensor input) {
        List<?> gradients = test.list("input_grads");
        if (gradients.isEmpty() || test.isDisputed("grad_backends")) return;
        Tensor cotangent = tensor(test.list("cotangents").getFirst());
        Tensor got = Gradients.of(List.of(output), List.of(cotangent), List.of(input))
                .getFirst();
        NDArray want = value(((Map<?, ?>) gradients.getFirst()).get("value"));
        test.gradientTolerance()
                .check("gradient", want, got == null ? NDArray.zeros(want.dtype(), want.shape()) : got.value());
    }

    static void metric(Case test) {
        Metric metric = test.object(Metric.class);
        List<?> results = test.list("results");
        int next = 0;
        for (Object o : test.list("events")) {
            var event = (Map<?, ?>) o;
            String op = String.valueOf(event.get("op"));
            if (op.equals("reset_state")) metric.resetState();
            else if (!op.equals("result")) update(metric, event);
            if (op.equals("result") || op.equals("call")) {
                test.tolerance()
                        .check(
                                "result " + next,
                                value(results.get(next)),
                                metric.result().value());
                next++;
            }
        }
        List<?> after = test.list("variables_after");
        List<Variable> variables = metric.variables();
        for (int i = 0; i < after.size(); i++) {
            var spec = (Map<?, ?>) after.get(i);
            if (i >= variables.size())
                throw new MismatchException("expected variable " + spec.get("name") + ", got " + variables);
            test.tolerance()
                    .check(
                            variables.get(i).name(),
                            value(spec.get("value")),
                            variables.get(i).numpy());
        }
    }

    private static void update(Metric metric, Map<?, ?> event) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        if (event.get("kwargs") instanceof Map<?, ?> map) map.forEach((k, v) -> kwargs.put(String.valueOf(k), v));
        var call = new Call(event.get("args") instanceof List<?> args ? args : List.of(), kwargs);
        boolean values = metric instanceof Mean || metric instanceof Sum;
        Tensor first = tensor(call.get(0, values ? "values" : "y_true"));
        Tensor weight = Recording.tensor(call.get(values ? 1 : 2, "sample_weight"));
        if (metric instanceof Mean mean) mean.updateState(first, weight);
        else if (metric instanceof Sum sum) sum.updateState(first, weight);
        else metric.updateState(first, tensor(call.get(1, "y_pred")), weight);
    }

    static void optimizer(Case test) {
        Optimizer optimizer = test.object(Optimizer.class);
        List<Variable> variables = new ArrayList<>();
        for (Object v : test.list("variables")) {
            var spec = (Map<?, ?>) v;
            variables.add(new Variable(String.valueOf(spec.get("name")), value(spec.get("value"))));
        }
        List<?> after = test.list("after");
        List<?> steps = test.list("steps");
        for (int i = 0; i < after.size(); i++) {
            List<@Nullable Tensor> gradients = new ArrayList<>();
            for (Object g : Objects.requireNonNull((List<?>) ((Map<?, ?>) steps.get(i)).get("grads")))
                gradients.add(Recording.tensor(g));
            optimizer.apply(gradients, variables);
            checkAll(test, "step " + i, (List<?>) after.get(i), variables);
        }
        List<?> slots = test.list("optimizer_variables");
        List<Variable> own = optimizer.variables();
        if (slots.size() != own.size())
            throw new MismatchException("expected " + slots.size() + " optimizer variables, got " + own);
        for (int i = 0; i < slots.size(); i++)
            test.tolerance()
                    .check(
                            own.get(i).path(),
                            value(((Map<?, ?>) slots.get(i)).get("value")),
                            own.get(i).numpy());
        if (Boolean.TRUE.equals(test.raw("finalize"))) {
            optimizer.finalizeVariableValues(variables);
            checkAll(test, "finalized", test.list("finalized"), variables);
        }
    }

    private static void checkAll(Case test, String what, List<?> expected, List<Variable> got) {
        for (int i = 0; i < got.size(); i++)
            test.tolerance()
                    .check(
                            what + ": " + got.get(i).name(),
                            value(expected.get(i)),
                            got.get(i).numpy());
    }

    static void training(Case test) {
        Model model = test.object(Model.class);
        var compile = (Map<?, ?>) Objects.requireNonNull(test.raw("compile"));
        model.compileFromConfig(new ConfigReader(Registry.keras(), "compile", compile));
        List<?> steps = test.list("steps");
        var firstStep = (Map<?, ?>) steps.getFirst();
        model.predictOnBatch(plain(firstStep.get("x")));
        Variables.assign(model, test.list("variables"));
        List<?> logs = test.list("logs");
        for (int i = 0; i < steps.size(); i++) {
            var step = (Map<?, ?>) steps.get(i);
            Object weight = step.get("sample_weight");
            Map<String, Double> got = model.trainOnBatch(
                    plain(step.get("x")), plain(step.get("y")), weight == null ? null : plain(weight));
            ((Map<?, ?>) logs.get(i)).forEach((name, value) -> checkLog(String.valueOf(name), value, got));
        }
        List<?> after = test.list("weights_after");
        for (int i = 0; i < after.size(); i++)
            Tolerance.GRADIENTS.check(
                    model.weights().get(i).path(),
                    value(after.get(i) instanceof Map<?, ?> m ? m.get("value") : after.get(i)),
                    model.weights().get(i).numpy());
        Tolerance.GRADIENTS.check(
                "predict",
                value(test.get("predict")),
                model.predictOnBatch(plain(firstStep.get("x"))).getFirst());
    }

    private static void checkLog(String name, @Nullable Object want, Map<String, Double> got) {
        Double have = got.get(name);
        if (have == null) throw new MismatchException("expected a log \"" + name + "\", got " + got.keySet());
        Tolerance.GRADIENTS.check(name, value(want), NDArray.of(have.floatValue()));
    }

    static Object plain(@Nullable Object tree) {
        return Objects.requireNonNull(Tree.map(tree, leaf -> leaf instanceof Tensor t ? t.value() : leaf), "data");
    }

    private static Tensor tensor(@Nullable Object value) {
        return Objects.requireNonNull(Recording.tensor(value), "a tensor");
    }

    private static NDArray value(@Nullable Object value) {
        return tensor(value).value();
    }
}

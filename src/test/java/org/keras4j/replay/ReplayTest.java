package org.keras4j.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.keras4j.replay.Replay.assertClose;
import static org.keras4j.replay.Replay.list;
import static org.keras4j.replay.Replay.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.constraints.Constraint;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.losses.Loss;
import org.keras4j.metrics.Mean;
import org.keras4j.metrics.Metric;
import org.keras4j.metrics.Sum;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.optimizers.schedules.LearningRateSchedule;
import org.keras4j.regularizers.Regularizer;

/** Computes again what real Keras computed. */
class ReplayTest {
    @TestFactory
    Stream<DynamicTest> initializers() {
        return Replay.tests("initializers", test -> {
            List<Number> dims = new ArrayList<>();
            for (Object d : (List<?>) list(test, "args").getFirst()) dims.add((Number) d);
            NDArray got = Replay.object(test, Initializer.class).call(Shape.of(dims), DType.FLOAT32);
            assertClose("values", test.get("outputs"), got);
        });
    }

    @TestFactory
    Stream<DynamicTest> regularizers() {
        return Replay.tests("regularizers", test -> {
            Tensor x = tensor(list(test, "args").getFirst());
            assertClose(
                    "penalty",
                    test.get("outputs"),
                    Replay.object(test, Regularizer.class).call(x).value());
        });
    }

    @TestFactory
    Stream<DynamicTest> constraints() {
        return Replay.tests("constraints", test -> {
            Tensor x = tensor(list(test, "args").getFirst());
            assertClose(
                    "weight",
                    test.get("outputs"),
                    Replay.object(test, Constraint.class).call(x).value());
        });
    }

    @TestFactory
    Stream<DynamicTest> schedules() {
        return Replay.tests("schedules", test -> {
            Tensor step = tensor(list(test, "args").getFirst());
            assertClose(
                    "rate",
                    test.get("outputs"),
                    Replay.object(test, LearningRateSchedule.class).call(step).value());
        });
    }

    @TestFactory
    Stream<DynamicTest> optimizers() {
        return Replay.tests("optimizers", ReplayTest::optimizer);
    }

    private static void optimizer(Map<String, Object> test) {
        Optimizer optimizer = Replay.object(test, Optimizer.class);
        List<Variable> variables = new ArrayList<>();
        for (Object v : list(test, "variables")) {
            var spec = (Map<?, ?>) v;
            variables.add(new Variable(
                    (String) spec.get("name"), tensor(spec.get("value")).value()));
        }
        List<?> after = list(test, "after");
        for (int i = 0; i < after.size(); i++) {
            List<Tensor> gradients = new ArrayList<>();
            for (Object g : list((Map<?, ?>) list(test, "steps").get(i), "grads")) gradients.add(tensor(g));
            optimizer.apply(gradients, variables);
            assertValues("step " + i, (List<?>) after.get(i), variables);
        }
        List<?> slots = list(test, "optimizer_variables");
        List<Variable> own = optimizer.variables();
        assertEquals(slots.size(), own.size(), "optimizer variables: " + own);
        for (int i = 0; i < slots.size(); i++) {
            var spec = (Map<?, ?>) slots.get(i);
            assertEquals(
                    unnumbered((String) spec.get("path")), unnumbered(own.get(i).path()));
            assertClose(own.get(i).path(), spec.get("value"), own.get(i).numpy());
        }
        if (Boolean.TRUE.equals(test.get("finalize"))) {
            optimizer.finalizeVariableValues(variables);
            assertValues("finalized", list(test, "finalized"), variables);
        }
    }

    /** Nadam has a variable without a name, which Keras numbers through the program. */
    private static String unnumbered(String path) {
        return path.replaceAll("/variable(_\\d+)?$", "/variable");
    }

    @TestFactory
    Stream<DynamicTest> losses() {
        return Replay.tests("losses", test -> {
            Assumptions.assumeTrue(test.containsKey("config"), "a plain function, not a loss");
            List<?> args = list(test, "args");
            var kwargs = (Map<?, ?>) test.get("kwargs");
            Tensor weight = tensor(args.size() > 2 ? args.get(2) : kwargs.get("sample_weight"));
            Tensor prediction = tensor(args.get(1));
            Tensor loss = Replay.object(test, Loss.class).call(tensor(args.get(0)), prediction, weight);
            assertClose("loss", test.get("outputs"), loss.value());
            List<?> gradients = (List<?>) test.get("input_grads");
            if (gradients == null || gradients.isEmpty()) return;
            Tensor cotangent = tensor(list(test, "cotangents").getFirst());
            Tensor gradient = Gradients.of(List.of(loss), List.of(cotangent), List.of(prediction))
                    .getFirst();
            assertClose("gradient", ((Map<?, ?>) gradients.getFirst()).get("value"), gradient.value(), 3);
        });
    }

    @TestFactory
    Stream<DynamicTest> metrics() {
        return Replay.tests("metrics", ReplayTest::metric);
    }

    private static void metric(Map<String, Object> test) {
        Metric metric = Replay.object(test, Metric.class);
        List<?> results = list(test, "results");
        int next = 0;
        for (Object o : list(test, "events")) {
            var event = (Map<?, ?>) o;
            switch ((String) event.get("op")) {
                case "reset_state" -> metric.resetState();
                case "result" ->
                    assertClose(
                            "result " + next,
                            results.get(next++),
                            metric.result().value());
                case "update_state" -> update(metric, event);
                case "call" -> {
                    update(metric, event);
                    assertClose(
                            "result " + next,
                            results.get(next++),
                            metric.result().value());
                }
                default -> throw new AssertionError(event);
            }
        }
        List<?> after = list(test, "variables_after");
        List<Variable> variables = metric.variables();
        assertEquals(after.size(), variables.size(), "variables: " + variables);
        for (int i = 0; i < after.size(); i++) {
            var spec = (Map<?, ?>) after.get(i);
            assertEquals(spec.get("name"), variables.get(i).name());
            assertClose(
                    variables.get(i).name(), spec.get("value"), variables.get(i).numpy());
        }
    }

    private static void update(Metric metric, Map<?, ?> event) {
        List<?> args = list(event, "args");
        Tensor weight = tensor(((Map<?, ?>) event.get("kwargs")).get("sample_weight"));
        boolean values = metric instanceof Mean || metric instanceof Sum;
        Tensor first = tensor(args.getFirst());
        if (values) metric.updateState(first, args.size() > 1 ? tensor(args.get(1)) : weight);
        else metric.updateState(first, tensor(args.get(1)), args.size() > 2 ? tensor(args.get(2)) : weight);
    }

    private static void assertValues(String what, List<?> expected, List<Variable> variables) {
        for (int i = 0; i < variables.size(); i++)
            assertClose(
                    what + " " + variables.get(i).name(),
                    expected.get(i),
                    variables.get(i).numpy());
    }
}

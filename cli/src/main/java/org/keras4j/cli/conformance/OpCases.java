package org.keras4j.cli.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.OpLayer;
import org.keras4j.ops.Complex;
import org.keras4j.ops.Operations;
import org.keras4j.utils.Tree;

/** Calls functions of {@code keras.ops} and {@code keras.activations} by their paths. */
final class OpCases {
    private OpCases() {}

    static void numbers(Case test) {
        String function = known(test);
        Call call = test.call();
        Object result = Operations.call(function, call.args(), call.kwargs());
        compare("result", test.get("outputs"), result, test.tolerance());
        gradients(test, call, result);
    }

    static void shapes(Case test) {
        String function = known(test);
        Object got = new OpLayer("", function, Map.of()).applyTo(test.call());
        LayerCases.Symbols.compare(test.get("outputs"), got);
    }

    private static String known(Case test) {
        String function = String.valueOf(test.raw("function"));
        if (!Operations.knows(function)) throw new SkipException("function " + function + " does not exist");
        return function;
    }

    private static void compare(String what, @Nullable Object expected, @Nullable Object got, Tolerance tolerance) {
        switch (expected) {
            case List<?> want -> {
                List<?> have = got instanceof Shape s ? s.toList() : got instanceof List<?> l ? l : List.of();
                if (want.size() != have.size())
                    throw new MismatchException(what + ": expected " + want.size() + " values, got " + got);
                for (int i = 0; i < want.size(); i++) compare(what + " " + i, want.get(i), have.get(i), tolerance);
            }
            case Map<?, ?> want -> {
                if (!(got instanceof Map<?, ?> have))
                    throw new MismatchException(what + ": expected a map, got " + got);
                want.forEach((k, v) -> compare(what + " " + k, v, have.get(k), tolerance));
            }
            case null -> {
                if (got != null) throw new MismatchException(what + ": expected None, got " + got);
            }
            case Complex want -> {
                if (!(got instanceof Complex have))
                    throw new MismatchException(what + ": expected complex numbers, got " + got);
                compare("real part of " + what, want.real(), have.real(), tolerance);
                compare("imaginary part of " + what, want.imag(), have.imag(), tolerance);
            }
            case String want -> {
                if (!want.equals(String.valueOf(got)))
                    throw new MismatchException(what + ": expected " + want + ", got " + got);
            }
            default -> tolerance.check(what, value(expected), value(got));
        }
    }

    private static NDArray value(@Nullable Object value) {
        return Objects.requireNonNull(Recording.tensor(value), "a value").value();
    }

    private static void gradients(Case test, Call call, @Nullable Object result) {
        if (!test.has("input_grads") || !test.has("cotangents") || test.isDisputed("backends")) return;
        List<Tensor> outputs = Tree.flatten(result, Tensor.class).stream()
                .filter(t -> t.dtype().isFloating())
                .toList();
        List<Tensor> cotangents = new ArrayList<>();
        List<?> recorded = test.list("cotangents");
        for (int i = 0; i < outputs.size(); i++)
            cotangents.add(Primitives.cast(
                    Objects.requireNonNull(Recording.tensor(recorded.get(i))),
                    outputs.get(i).dtype()));
        for (Object o : test.list("input_grads")) {
            var gradient = (Map<?, ?>) o;
            String path = String.valueOf(gradient.get("path"));
            if (!(Case.follow(call, path) instanceof Tensor input)) continue;
            Tensor got = Gradients.of(outputs, cotangents, List.of(input)).getFirst();
            NDArray value = got == null ? NDArray.zeros(input.dtype(), input.shape()) : got.value();
            test.gradientTolerance()
                    .check(
                            "gradient of " + path,
                            Objects.requireNonNull((Tensor) gradient.get("value"))
                                    .value(),
                            value);
        }
    }
}

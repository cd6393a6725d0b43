package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Compares gradients with central differences in float64. */
final class FiniteDifferences {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 2e-6;

    /** A function from tensors to one tensor. */
    @FunctionalInterface
    interface Fn {
        Tensor apply(List<Tensor> x);
    }

    private FiniteDifferences() {}

    /** Checks the gradient of {@code sum(weights * fn(inputs))} for each float64 input, with random weights. */
    static void checkGradient(String name, Fn fn, NDArray... inputs) {
        List<Tensor> xs = inputs(inputs);
        List<Tensor> floats = xs.stream().filter(x -> x.dtype().isFloating()).toList();
        Tensor loss = weighted(fn.apply(xs), name.hashCode());
        List<Tensor> outputs = new ArrayList<>(List.of(loss));
        for (Tensor gradient : Gradients.of(loss, floats)) {
            assertNotNull(gradient, name + ": no gradient");
            outputs.add(gradient);
        }
        for (int i = 0; i < floats.size(); i++)
            assertEquals(floats.get(i).spec(), outputs.get(i + 1).spec(), name);
        Function function = Function.of(xs, outputs, Map.of());
        Function forward = Function.of(xs, outputs.subList(0, 1), Map.of());
        List<NDArray> results = function.run(List.of(inputs));
        for (int i = 0; i < floats.size(); i++) {
            int input = xs.indexOf(floats.get(i));
            for (int j = 0; j < inputs[input].size(); j++) {
                double expected = slope(forward, inputs, input, j);
                double actual = results.get(i + 1).get(j);
                double tolerance = TOLERANCE * Math.max(1, Math.abs(expected));
                assertEquals(expected, actual, tolerance, name + ": input " + input + ", element " + j);
            }
        }
    }

    /** Checks the gradient of the gradient. */
    static void checkSecond(String name, Fn fn, NDArray... inputs) {
        checkGradient(
                name,
                xs -> {
                    List<Tensor> floats =
                            xs.stream().filter(x -> x.dtype().isFloating()).toList();
                    Tensor y = fn.apply(xs);
                    Tensor sum = null;
                    // Squares make the cotangent depend on the inputs too.
                    for (Tensor g : Gradients.of(weighted(Primitives.mul(y, y), name.hashCode() + 1), floats)) {
                        if (g == null) continue;
                        Tensor part = weighted(g, name.hashCode() + 2);
                        sum = sum == null ? part : Primitives.add(sum, part);
                    }
                    return Objects.requireNonNull(sum);
                },
                inputs);
    }

    private static double slope(Function forward, NDArray[] inputs, int input, int element) {
        NDArray[] moved = inputs.clone();
        moved[input] = inputs[input].copy();
        double x = moved[input].get(element);
        moved[input].set(element, x + STEP);
        double above = forward.run(List.of(moved)).getFirst().item();
        moved[input].set(element, x - STEP);
        double below = forward.run(List.of(moved)).getFirst().item();
        return (above - below) / (2 * STEP);
    }

    private static List<Tensor> inputs(NDArray[] values) {
        List<Tensor> xs = new ArrayList<>();
        for (NDArray v : values) xs.add(Primitives.input("x" + xs.size(), v.dtype(), v.shape()));
        return xs;
    }

    private static Tensor weighted(Tensor y, long seed) {
        Tensor weights = Tensor.of(uniform(new Random(seed), 0.5, 1.5, y.shape().dims()));
        int[] axes = IntStream.range(0, y.rank()).toArray();
        return Primitives.reshape(Primitives.sum(Primitives.mul(y, weights), axes), Shape.SCALAR);
    }

    static NDArray uniform(Random random, double low, double high, int... dims) {
        NDArray out = NDArray.zeros(DType.FLOAT64, Shape.of(dims));
        for (int i = 0; i < out.size(); i++) out.set(i, low + (high - low) * random.nextDouble());
        return out;
    }
}

package org.keras4j.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;
import org.keras4j.models.Functional;

/**
 * Holds what a network of each family gives beside Keras's, for weights and images made by a formula: {@code
 * golden/applications/make_predictions.py} has the same one.
 */
class ApplicationPredictionsTest {
    private static final String GOLDEN = "/golden/applications/predictions.tsv";
    private static final List<String> PREPARES_ITSELF = List.of("MobileNetV3", "EfficientNet", "ConvNeXt");
    private static final int SHOWN = 16;
    private static final double TOLERANCE = 2e-4;

    @TestFactory
    Stream<DynamicTest> predictionsAreKeras() throws IOException {
        try (var in = ApplicationPredictionsTest.class.getResourceAsStream(GOLDEN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.split("\t"))
                            .map(cells -> DynamicTest.dynamicTest(cells[0] + " " + cells[1], () -> check(cells)))
                            .toList()
                            .stream();
        }
    }

    private static void check(String[] golden) throws ReflectiveOperationException {
        Functional model = Arguments.apply(Arguments.network(golden[0]).weights(null), golden[1])
                .build();
        int seed = 1;
        for (Variable weight : model.weights()) weight.assign(value(weight, seed++));
        Shape shape =
                Shape.of(2).concat(model.inputLayers().getFirst().batchShape().from(1));
        boolean preparesItself = PREPARES_ITSELF.stream().anyMatch(golden[0]::startsWith);
        NDArray outputs = model.predict(
                preparesItself ? uniform(DType.FLOAT32, shape, 0, 0, 255) : uniform(DType.FLOAT32, shape, 0, -1, 2));
        int last = outputs.shape().size() - 1;
        double largest = 0;
        for (int i = 0; i < SHOWN; i++) largest = Math.max(largest, Math.abs(Double.parseDouble(golden[2 + i])));
        for (int i = 0; i < SHOWN; i++)
            assertEquals(
                    Double.parseDouble(golden[2 + i]),
                    outputs.get((int) ((long) i * last / (SHOWN - 1))),
                    TOLERANCE * largest,
                    "number " + i + " of " + SHOWN);
    }

    /** Returns a value that keeps activations near 1. */
    private static NDArray value(Variable weight, int seed) {
        Shape shape = weight.shape();
        if (shape.rank() >= 2) {
            boolean inDepth = shape.rank() == 4 && shape.last() == 1;
            double outputs = inDepth ? shape.dim(2) : shape.last();
            double limit = Math.sqrt(6 * outputs / shape.size());
            return uniform(weight.dtype(), shape, seed, -limit, 2 * limit);
        }
        if (weight.name().startsWith("variable")) return uniform(weight.dtype(), shape, seed, 0, 1);
        return switch (weight.name()) {
            case "gamma" -> uniform(weight.dtype(), shape, seed, 0.9, 0.2);
            case "moving_variance" -> uniform(weight.dtype(), shape, seed, 0.8, 0.4);
            case "mean" -> uniform(weight.dtype(), shape, seed, 0.4, 0.1);
            case "variance" -> uniform(weight.dtype(), shape, seed, 0.05, 0.01);
            case "count" -> NDArray.zeros(weight.dtype(), shape);
            default -> uniform(weight.dtype(), shape, seed, -0.1, 0.2);
        };
    }

    /** Returns numbers of 24 random bits: murmur3's last steps of place and seed. */
    private static NDArray uniform(DType dtype, Shape shape, int seed, double start, double width) {
        NDArray out = NDArray.zeros(dtype, shape);
        var values = (float[]) out.data();
        for (int i = 0; i < values.length; i++) {
            int x = i + seed * 0x9E3779B9;
            x = (x ^ x >>> 16) * 0x85EBCA6B;
            x = (x ^ x >>> 13) * 0xC2B2AE35;
            x ^= x >>> 16;
            values[i] = (float) (start + width * ((x >>> 8) / (double) (1 << 24)));
        }
        return out;
    }
}

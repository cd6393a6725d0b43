package org.keras4j.cli.conformance;

import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;

/** The rule by which the recorded large models had their weights filled: a hash of each element's number. */
final class WeightRule {
    private WeightRule() {}

    /** Returns the values of a weight whose first element has number {@code start} in the model. */
    static NDArray fill(Variable v, boolean depthwise, long start) {
        NDArray out = NDArray.zeros(v.dtype(), v.shape());
        for (int i = 0; i < out.size(); i++) {
            double s = 2 * (hash((int) (start + i)) & 0xffff_ffffL) * 0x1p-32 - 1;
            out.set(i, value(v.name(), v.shape(), depthwise, s));
        }
        return out;
    }

    private static double value(String name, Shape shape, boolean depthwise, double s) {
        return switch (name) {
            case "moving_variance" -> 1 + 0.2 * s;
            case "gamma" -> shape.rank() == 1 ? 1 + 0.1 * s : scaled(shape, depthwise, s);
            case "beta", "bias", "moving_mean" -> 0.1 * s;
            case "mean", "count" -> 0;
            case "variance" -> 1;
            default -> scaled(shape, depthwise, s);
        };
    }

    private static double scaled(Shape shape, boolean depthwise, double s) {
        double fanIn = depthwise ? shape.dim(0) * (double) shape.dim(1) : shape.size(0, shape.rank() - 1);
        return s * Math.sqrt(6 / fanIn);
    }

    private static int hash(int n) {
        int h = n;
        h ^= h >>> 16;
        h *= 0x7feb352d;
        h ^= h >>> 15;
        h *= 0x846ca68b;
        h ^= h >>> 16;
        return h;
    }
}

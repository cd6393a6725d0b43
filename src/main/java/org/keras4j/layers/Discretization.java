package org.keras4j.layers;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Replaces each number by the index of the range between given boundaries that it lies in. */
public final class Discretization extends BaseLayer<Discretization> {
    private double @Nullable [] binBoundaries;
    private @Nullable Integer numBins;
    private double epsilon = 0.01;
    private String outputMode = "int";

    /** Takes the boundaries, ascending; a number equal to one belongs to the range above. */
    public Discretization(double... binBoundaries) {
        this.binBoundaries = binBoundaries.clone();
    }

    /** Takes the number of ranges, whose boundaries {@link #adapt} finds. */
    public Discretization(int numBins) {
        if (numBins < 1)
            throw new IllegalArgumentException("Discretization: num_bins must be positive, got " + numBins);
        this.numBins = numBins;
    }

    static Discretization fromConfig(ConfigReader config) {
        Integer bins = config.nullableInteger("num_bins");
        Discretization layer = bins == null ? new Discretization(new double[0]) : new Discretization(bins);
        List<?> given = config.list("bin_boundaries");
        if (bins == null && given.isEmpty()) throw config.wrong("bin_boundaries", "numbers, or num_bins", null);
        if (!given.isEmpty())
            layer.binBoundaries =
                    given.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
        layer.epsilon = config.real("epsilon", 0.01);
        return configure(layer, config).outputMode(config.string("output_mode", "int"));
    }

    /** Sets "int" (the number of the range, if not set), "one_hot", "multi_hot" or "count". */
    public Discretization outputMode(String mode) {
        requireUnbuilt();
        outputMode = CategoryCodes.checked("Discretization", mode, "int", "one_hot", "multi_hot", "count");
        return this;
    }

    /** Finds boundaries that split the data into ranges of equally many numbers. */
    public Discretization adapt(NDArray data) {
        if (numBins == null)
            throw new IllegalStateException(describe() + " has boundaries; give num_bins to find them from data");
        double[] sorted = data.doubles();
        Arrays.sort(sorted);
        if (sorted.length == 0) throw new IllegalArgumentException(describe() + ": expected data, got none");
        var found = new double[numBins - 1];
        for (int i = 1; i < numBins; i++) {
            double at = (double) i / numBins * (sorted.length - 1);
            int below = (int) at;
            int above = Math.min(below + 1, sorted.length - 1);
            found[i - 1] = sorted[below] + (at - below) * (sorted[above] - sorted[below]);
        }
        binBoundaries = found;
        return this;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        double[] bounds = binBoundaries;
        if (bounds == null)
            throw new IllegalArgumentException("expected bin_boundaries, or adapt(data) before the first call");
        Tensor f = K.cast(x, DType.FLOAT32);
        Tensor index = K.zeros(x.shape(), DType.INT32);
        if (bounds.length > 0) {
            NDArray values = NDArray.zeros(DType.FLOAT32, Shape.of(bounds.length));
            for (int i = 0; i < bounds.length; i++) values.set(i, bounds[i]);
            Tensor above = K.greaterEqual(K.expandDims(f, -1), Tensor.of(values));
            index = K.sum(K.cast(above, DType.INT32), -1, false);
        }
        DType dtype = outputMode.equals("int") ? DType.INT32 : dtypePolicy().compute();
        return CategoryCodes.encode(index, outputMode, bounds.length + 1, dtype, null);
    }

    /** Returns Keras's keys, in the order that this layer has. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put(
                "bin_boundaries",
                binBoundaries == null
                        ? null
                        : Arrays.stream(binBoundaries).boxed().toList());
        config.put("num_bins", numBins);
        config.put("epsilon", epsilon);
        config.put("output_mode", outputMode);
        config.put("sparse", false);
        config.put("name", name());
        config.put("dtype", dtypePolicy().variable().keras());
        return config;
    }
}

package org.keras4j.layers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/**
 * Gives each combination of several strings or whole numbers one of a number of bins by its hash, on the host. The
 * inputs, two or more, have one shape: a scalar, (batch) or (batch, 1).
 */
public final class HashedCrossing extends HostLayer<HashedCrossing> {
    /** What TensorFlow starts the hash of a cross with. */
    private static final long START = 0xDECAFCAFFEL;

    private static final long FACTOR = 0xc6a4a7935bd1e995L;

    private final int numBins;
    private String outputMode = "int";
    private boolean sparse;
    private boolean dtypeGiven;

    public HashedCrossing(int numBins) {
        if (numBins < 1)
            throw new IllegalArgumentException("HashedCrossing: num_bins must be positive, got " + numBins);
        this.numBins = numBins;
        super.dtype(DTypePolicy.of("int64"));
    }

    static HashedCrossing fromConfig(ConfigReader config) {
        HashedCrossing layer =
                new HashedCrossing(config.integer("num_bins")).outputMode(config.string("output_mode", "int"));
        DTypePolicy standard = layer.dtypePolicy();
        configure(layer, config);
        if (config.get("dtype") == null) layer.dtype(standard);
        layer.sparse = config.bool("sparse", false);
        return layer;
    }

    /** Sets "int" (the bin, if not set) or "one_hot". */
    public HashedCrossing outputMode(String mode) {
        requireUnbuilt();
        outputMode = CategoryCodes.checked("HashedCrossing", mode, "int", "one_hot");
        if (!dtypeGiven) super.dtype(mode.equals("int") ? DTypePolicy.of("int64") : DTypePolicy.global());
        return this;
    }

    /** Is kept for Keras's files only; outputs are never sparse here. */
    public HashedCrossing sparse(boolean sparse) {
        this.sparse = sparse;
        return this;
    }

    @Override
    public HashedCrossing dtype(DTypePolicy policy) {
        dtypeGiven = true;
        return super.dtype(policy);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        if (!(inputs instanceof List<?> list) || list.size() < 2) throw refuse("expected two or more inputs", inputs);
        List<Object> each = list.stream().map(this::single).toList();
        List<Shape> shapes = each.stream().map(HostLayer::shape).toList();
        Shape first = shapes.getFirst();
        if (first.rank() > 2 || first.rank() == 2 && first.last() != 1)
            throw refuse("expected inputs of shape (), (batch) or (batch, 1)", first);
        if (!shapes.stream().allMatch(first::equals)) throw refuse("expected inputs of one shape", shapes);
        return call(each);
    }

    @Override
    NDArray onHost(List<Object> inputs) {
        var hashes = new long[shape(inputs.getFirst()).size()];
        Arrays.fill(hashes, START);
        for (Object input : inputs) {
            if (input instanceof NDArray a && !a.dtype().isInteger())
                throw refuse("expected strings or whole numbers", a.dtype());
            for (int i = 0; i < hashes.length; i++)
                hashes[i] = join(
                        hashes[i],
                        input instanceof StringArray s
                                ? FarmHash.fingerprint(s.get(i).getBytes(StandardCharsets.UTF_8))
                                : ((NDArray) input).getLong(i));
        }
        for (int i = 0; i < hashes.length; i++) hashes[i] = Long.remainderUnsigned(hashes[i], numBins);
        return NDArray.of(shape(inputs.getFirst()), hashes);
    }

    /** TensorFlow's way to make one fingerprint of two. */
    private static long join(long a, long b) {
        long hash = a ^ FACTOR;
        hash ^= mix(b * FACTOR) * FACTOR;
        hash *= FACTOR;
        return mix(mix(hash) * FACTOR);
    }

    private static long mix(long v) {
        return v ^ (v >>> 47);
    }

    @Override
    Shape hostShape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    Tensor inGraph(Tensor bins) {
        return CategoryCodes.encode(bins, outputMode, numBins, dtypePolicy().compute(), null);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        if (!(call.first() instanceof List<?> list) || list.size() < 2 || !(list.getFirst() instanceof KerasTensor x))
            throw refuse("expected two or more inputs", call.first());
        Shape shape = x.shape();
        if (outputMode.equals("one_hot")) {
            boolean shrinks = shape.rank() > 0 && shape.last() == 1;
            shape = (shrinks ? shape.slice(0, shape.rank() - 1) : shape).concat(Shape.of(numBins));
        }
        return new KerasTensor(shape, dtypePolicy().compute(), "keras_tensor");
    }

    /** Returns Keras's keys, in the order that this layer has. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("num_bins", numBins);
        config.put("output_mode", outputMode);
        config.put("sparse", sparse);
        config.put("name", name());
        config.put("dtype", dtypePolicy().variable().keras());
        return config;
    }
}

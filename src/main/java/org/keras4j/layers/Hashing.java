package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Distributes strings or whole numbers over bins by their hash, on the host. The hash is FarmHash's fingerprint, or
 * with a salt SipHash-2-4; numbers are hashed as their decimal digits.
 */
public final class Hashing extends HostLayer<Hashing> {
    private final int numBins;
    private @Nullable Object maskValue;
    private long @Nullable [] salt;
    private String outputMode = "int";
    private boolean sparse;
    private boolean dtypeGiven;

    /** Takes the number of bins, the one for the mask value included. */
    public Hashing(int numBins) {
        if (numBins < 1) throw new IllegalArgumentException("Hashing: num_bins must be positive, got " + numBins);
        this.numBins = numBins;
        super.dtype(DTypePolicy.of("int64"));
    }

    static Hashing fromConfig(ConfigReader config) {
        Hashing layer = new Hashing(config.integer("num_bins")).outputMode(config.string("output_mode", "int"));
        DTypePolicy standard = layer.dtypePolicy();
        configure(layer, config);
        if (config.get("dtype") == null) layer.dtype(standard);
        layer.dtypeGiven = true;
        Object mask = config.get("mask_value");
        layer.maskValue = mask instanceof Number n ? (Object) n.longValue() : mask;
        layer.salt = HashBins.readSalt(config);
        layer.sparse = config.bool("sparse", false);
        layer.checkDtype();
        return layer;
    }

    /** Sets the string that goes to bin 0, which no other string goes to then; null for none. */
    public Hashing maskValue(@Nullable String value) {
        requireUnbuilt();
        maskValue = value;
        return this;
    }

    /** Sets the number that goes to bin 0, which no other number goes to then. */
    public Hashing maskValue(long value) {
        requireUnbuilt();
        maskValue = value;
        return this;
    }

    /** Sets the key of SipHash: an integer, which counts twice, or two; without it FarmHash is used. */
    public Hashing salt(long... salt) {
        requireUnbuilt();
        this.salt = HashBins.checkedSalt("Hashing", salt);
        return this;
    }

    /** Sets "int" (the bin, if not set), "one_hot", "multi_hot" or "count". */
    public Hashing outputMode(String mode) {
        requireUnbuilt();
        outputMode = CategoryCodes.checked("Hashing", mode, "int", "one_hot", "multi_hot", "count");
        if (!dtypeGiven) super.dtype(DTypePolicy.of(mode.equals("int") ? "int64" : Config.floatx()));
        return this;
    }

    /** Is kept for Keras's files only; outputs are never sparse here. */
    public Hashing sparse(boolean sparse) {
        this.sparse = sparse;
        return this;
    }

    @Override
    public Hashing dtype(DTypePolicy policy) {
        dtypeGiven = true;
        return super.dtype(policy);
    }

    private void checkDtype() {
        if (outputMode.equals("int") && !dtypePolicy().compute().isInteger())
            throw new IllegalArgumentException("dtype: expected int32 or int64 with output_mode \"int\", got "
                    + dtypePolicy().name());
    }

    @Override
    protected void buildAll(Object inputs) {
        checkDtype();
    }

    @Override
    NDArray onHost(List<Object> inputs) {
        boolean masked = maskValue != null && numBins > 1;
        var bins = new HashBins(masked ? numBins - 1 : numBins, salt);
        int first = masked ? 1 : 0;
        if (inputs.getFirst() instanceof StringArray strings) {
            if (masked && !(maskValue instanceof String))
                throw refuse("expected whole numbers, which mask_value is, too", strings);
            var out = new long[strings.size()];
            for (int i = 0; i < out.length; i++) {
                String s = strings.get(i);
                out[i] = masked && s.equals(maskValue) ? 0 : first + bins.of(s);
            }
            return NDArray.of(strings.shape(), out);
        }
        var numbers = (NDArray) inputs.getFirst();
        if (masked && !(maskValue instanceof Long))
            throw refuse("expected strings, which mask_value is, too", numbers.dtype());
        var out = new long[numbers.size()];
        for (int i = 0; i < out.length; i++) {
            boolean isMask = masked && maskValue instanceof Long mask && numbers.get(i) == mask;
            out[i] = isMask ? 0 : first + bins.of(numbers.getLong(i));
        }
        return NDArray.of(numbers.shape(), out);
    }

    @Override
    Shape hostShape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    Tensor inGraph(Tensor bins) {
        boolean shrinks =
                outputMode.equals("one_hot") && bins.rank() > 0 && bins.shape().last() == 1;
        return CategoryCodes.encode(
                shrinks ? K.squeeze(bins, -1) : bins,
                outputMode,
                numBins,
                dtypePolicy().compute(),
                null);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        if (!(call.first() instanceof KerasTensor x)) throw refuse("expected a single input", call.first());
        Shape shape = x.shape();
        if (!outputMode.equals("int"))
            shape = shape.slice(0, Math.max(0, shape.rank() - 1)).concat(Shape.of(numBins));
        return new KerasTensor(shape, dtypePolicy().variable(), "keras_tensor");
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_bins", numBins);
        config.put("salt", HashBins.writeSalt(salt));
        config.put("mask_value", maskValue);
        config.put("output_mode", outputMode);
        config.put("sparse", sparse);
        return config;
    }
}

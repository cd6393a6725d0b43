package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.serialization.ConfigReader;

/** The place where data enters a functional model or a Sequential. */
public final class InputLayer extends Layer {
    private final Shape batchShape;
    private final KerasTensor output;

    /** Takes the dtype of the data; null for strings. */
    InputLayer(Shape batchShape, @Nullable DType dtype, String name) {
        this.batchShape = batchShape;
        if (!name.isEmpty()) name(name);
        markBuilt();
        output = dtype == null ? KerasTensor.ofStrings(batchShape, name()) : new KerasTensor(batchShape, dtype, name());
        new Node(this, Call.of(), output);
    }

    static InputLayer fromConfig(ConfigReader config) {
        Shape shape = config.nullableShape("batch_shape");
        if (shape == null) shape = config.nullableShape("batch_input_shape");
        if (shape == null) throw config.wrong("batch_shape", "a shape", null);
        Object dtype = config.get("dtype");
        DType type = dtype == null
                ? DTypePolicy.global().compute()
                : "string".equals(dtype)
                        ? null
                        : DTypePolicy.read(config, "dtype").compute();
        return new InputLayer(shape, type, config.string("name", ""));
    }

    /** Returns the shape with the batch axis. */
    public Shape batchShape() {
        return batchShape;
    }

    /** Returns the symbolic tensor that stands for the data. */
    public KerasTensor output() {
        return output;
    }

    /**
     * Returns the dtype of the data.
     *
     * @throws IllegalArgumentException if it is strings
     */
    public DType inputDtype() {
        return output.dtype();
    }

    /** Says whether the data is strings. */
    @Override
    public boolean takesStrings() {
        return output.isStrings();
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return inputs;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("batch_shape", batchShape);
        config.put("dtype", output.dtypeName());
        config.put("sparse", false);
        config.put("ragged", false);
        config.put("name", name());
        config.put("optional", false);
        return config;
    }
}

package org.keras4j.layers;

import java.util.Map;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/** The place where data enters a functional model or a Sequential. */
public final class InputLayer extends Layer {
    private final Shape batchShape;
    private final DType dtype;
    private final KerasTensor output;

    InputLayer(Shape batchShape, DType dtype, String name) {
        this.batchShape = batchShape;
        this.dtype = dtype;
        if (!name.isEmpty()) name(name);
        markBuilt();
        output = new KerasTensor(batchShape, dtype, name());
        new Node(this, Call.of(), output);
    }

    static InputLayer fromConfig(ConfigReader config) {
        Shape shape = config.nullableShape("batch_shape");
        if (shape == null) shape = config.nullableShape("batch_input_shape");
        if (shape == null) throw config.wrong("batch_shape", "a shape", null);
        Object dtype = config.get("dtype");
        return new InputLayer(
                shape,
                dtype == null
                        ? DTypePolicy.global().compute()
                        : DTypePolicy.read(config, "dtype").compute(),
                config.string("name", ""));
    }

    /** Returns the shape with the batch axis. */
    public Shape batchShape() {
        return batchShape;
    }

    /** Returns the symbolic tensor that stands for the data. */
    public KerasTensor output() {
        return output;
    }

    public DType inputDtype() {
        return dtype;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new java.util.LinkedHashMap<>();
        config.put("batch_shape", batchShape);
        config.put("dtype", dtype.keras());
        config.put("sparse", false);
        config.put("ragged", false);
        config.put("name", name());
        config.put("optional", false);
        return config;
    }
}

package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Puts its inputs one after the other along an axis. */
public final class Concatenate extends Merge<Concatenate> {
    private final int axis;

    public Concatenate() {
        this(-1);
    }

    public Concatenate(int axis) {
        this.axis = axis;
    }

    static Concatenate fromConfig(ConfigReader config) {
        int axis = config.has("axis") ? config.integer("axis") : config.integer("concat_axis", -1);
        return configure(new Concatenate(axis), config);
    }

    @Override
    Shape mergedShape(List<Shape> inputs) {
        Shape first = inputs.getFirst();
        int at = first.axis(axis);
        int sum = first.dim(at);
        for (Shape s : inputs.subList(1, inputs.size())) {
            if (!first.with(at, 1).isCompatible(s.rank() == first.rank() ? s.with(at, 1) : s))
                throw refuse("expected inputs whose shapes differ along axis " + axis + " only", inputs);
            sum = sum == Shape.UNKNOWN || s.dim(at) == Shape.UNKNOWN ? Shape.UNKNOWN : sum + s.dim(at);
        }
        return first.with(at, sum);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return K.concatenate(tensors(inputs), axis);
    }

    @Override
    Tensor merge(List<Tensor> inputs) {
        return K.concatenate(inputs, axis);
    }

    /** Returns where any channel is to be seen; inputs without a mask are seen. */
    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        if (!(mask instanceof List<?> masks)) return null;
        List<Tensor> tensors = tensors(inputs);
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            Tensor x = tensors.get(i);
            Tensor m = masks.get(i) instanceof Tensor t ? t : null;
            if (m == null) all.add(K.ones(x.shape(), DType.BOOL));
            else all.add(m.rank() < x.rank() ? K.broadcastTo(K.expandDims(m, -1), x.shape()) : m);
        }
        return K.any(K.concatenate(all, axis), -1, false);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axis);
        return config;
    }
}

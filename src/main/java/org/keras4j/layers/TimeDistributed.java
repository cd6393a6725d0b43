package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Applies a layer to each step of an input {@code (batch, steps, ...)}. All steps are computed at once as one larger
 * batch, unless the layer would then behave differently, as one does that updates its own statistics in training.
 */
public final class TimeDistributed extends BaseLayer<TimeDistributed> {
    private final Layer layer;

    public TimeDistributed(Layer layer) {
        this.layer = layer;
        track("layer", layer);
        supportsMasking(true);
        inputSpec(InputSpec.atLeast(3));
    }

    static TimeDistributed fromConfig(ConfigReader config) {
        Object layer = config.get("layer");
        if (layer == null) throw config.wrong("layer", "a layer", null);
        return configure(new TimeDistributed(config.deserialize("layer", layer, Layer.class)), config);
    }

    /** Returns the layer that is applied to each step. */
    public Layer wrapped() {
        return layer;
    }

    @Override
    protected void build(Shape input) {
        layer.buildFrom(input.without(1));
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "training", "mask");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor mask = call.tensorMask();
        if (mask != null
                && (mask.rank() < 2
                        || !mask.shape().slice(0, 2).equals(x.shape().slice(0, 2))))
            throw refuse("expected a mask that begins with " + x.shape().slice(0, 2), mask.shape());
        boolean updates = call.training() && !layer.nonTrainableWeights().isEmpty();
        return updates || penalizesInside() ? stepByStep(x, mask) : merged(x, mask);
    }

    /** Says whether layers inside add activity penalties, of which each step counts its own. */
    private boolean penalizesInside() {
        for (Layer l : layer.flattenLayers()) if (l != layer && l.activityRegularizer() != null) return true;
        return false;
    }

    private Tensor merged(Tensor x, @Nullable Tensor mask) {
        Tensor y = once(mergeFirst(x), mask == null ? null : mergeFirst(mask));
        return Primitives.reshape(y, x.shape().slice(0, 2).concat(y.shape().from(1)));
    }

    private static Tensor mergeFirst(Tensor x) {
        int rows = Math.toIntExact(x.shape().size(0, 2));
        return Primitives.reshape(x, Shape.of(rows).concat(x.shape().from(2)));
    }

    private Tensor stepByStep(Tensor x, @Nullable Tensor mask) {
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < x.shape().dim(1); i++) outputs.add(once(step(x, i), mask == null ? null : step(mask, i)));
        return K.stack(outputs, 1);
    }

    private static Tensor step(Tensor x, int i) {
        return Primitives.reshape(Primitives.slice(x, 1, i, 1), x.shape().without(1));
    }

    private Tensor once(Tensor x, @Nullable Tensor mask) {
        Call call = Call.of(x);
        Object y = layer.applyUnpenalized(mask == null ? call : call.with("mask", mask));
        if (y instanceof Tensor t) return t;
        throw refuse("expected the layer inside to give one tensor", y);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("layer", layer);
        return config;
    }
}

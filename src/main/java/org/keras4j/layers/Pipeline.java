package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.serialization.ConfigReader;

/** Applies layers one after the other, as preprocessing of data. */
public final class Pipeline extends BaseLayer<Pipeline> {
    private final List<Layer> steps;

    public Pipeline(Layer... layers) {
        this(List.of(layers));
    }

    public Pipeline(List<Layer> layers) {
        steps = track("layers", List.copyOf(layers));
    }

    static Pipeline fromConfig(ConfigReader config) {
        List<Layer> layers = new ArrayList<>();
        for (Object o : config.list("layers")) layers.add(config.deserialize("layers", o, Layer.class));
        return configure(new Pipeline(layers), config);
    }

    @Override
    protected void buildAll(Object inputs) {}

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "training", "mask");
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        Object x = inputs;
        for (Layer layer : steps) x = layer.applyTo(Call.of(x));
        return x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("layers", steps);
        config.put("name", name());
        return config;
    }
}

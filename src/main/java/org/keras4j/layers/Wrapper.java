package org.keras4j.layers;

import java.util.Map;
import org.keras4j.Shape;
import org.keras4j.serialization.ConfigReader;

/** A layer around another one. */
public abstract class Wrapper<L extends Wrapper<L>> extends BaseLayer<L> {
    private final Layer layer;

    protected Wrapper(Layer layer) {
        this.layer = track("layer", layer);
    }

    /** Returns the layer inside. */
    public final Layer wrapped() {
        return layer;
    }

    /** Reads the layer inside from a wrapper's config. */
    protected static Layer inner(ConfigReader config) {
        Layer layer = config.object("layer", Layer.class);
        if (layer == null) throw config.wrong("layer", "a layer", null);
        return layer;
    }

    @Override
    protected void build(Shape input) {
        layer.buildFrom(input);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("layer", layer);
        return config;
    }
}

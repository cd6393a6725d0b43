package org.keras4j.layers.legacy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;
import org.keras4j.layers.BaseLayer;
import org.keras4j.serialization.ConfigReader;

/** A layer made from an old config, which it gives back as it came. */
abstract class LegacyLayer<L extends LegacyLayer<L>> extends BaseLayer<L> {
    private final Map<String, Object> read;

    LegacyLayer(ConfigReader config) {
        this.read = config.values();
        configure(this, config);
    }

    @Override
    public String module() {
        return "keras._legacy.layers";
    }

    /** Adds a weight, whose values a file will bring. */
    final Variable weight(String name, int... shape) {
        return addWeight(name, Shape.of(shape), w -> {});
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        read.forEach((key, value) -> {
            @Nullable Object own = config.get(key);
            if (own == null) config.put(key, value);
        });
        return config;
    }
}

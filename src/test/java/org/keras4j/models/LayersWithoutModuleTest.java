package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.keras4j.layers.Layer;

/** Configs of {@code .h5} files name layers by their class alone. */
class LayersWithoutModuleTest {
    @Test
    void identityIsALayerWhereLayersAreListed() {
        Layer layer = Models.modelFromJson("""
                {"class_name": "Sequential", "config": {"name": "s", "layers": [
                    {"class_name": "Identity", "config": {"name": "same", "trainable": true, "dtype": "float32"}}]}}""").layers().getFirst();
        assertEquals("same", layer.name());
    }
}

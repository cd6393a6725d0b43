package org.keras4j.applications;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Registry;

/** The layers of this package that configs can name. */
public final class ApplicationCatalog implements Catalog {
    @Override
    public void register(Registry registry) {
        registry.add(CustomScaleLayer.MODULE, "CustomScaleLayer", CustomScaleLayer::fromConfig);
        registry.add(LayerScale.MODULE, "LayerScale", LayerScale::fromConfig);
    }
}

package org.keras4j.models;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Registry;

/** The models that files can name. */
public final class ModelCatalog implements Catalog {
    @Override
    public void register(Registry registry) {
        registry.add("keras", "Sequential", Sequential::fromConfig);
        registry.add("keras.models", "Sequential", Sequential::fromConfig);
        for (String module : new String[] {"keras.src.models.functional", "keras.models", "keras"}) {
            registry.add(module, "Functional", Functional::fromConfig);
            registry.add(module, "Model", Functional::fromConfig);
        }
    }
}

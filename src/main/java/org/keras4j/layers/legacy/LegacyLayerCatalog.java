package org.keras4j.layers.legacy;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Registry;

/** The layers of this package that configs can name. */
public final class LegacyLayerCatalog implements Catalog {
    private static final String MODULE = "keras._legacy.layers";

    @Override
    public void register(Registry registry) {
        registry.add(MODULE, "ThresholdedReLU", ThresholdedReLU::new);
        registry.add(MODULE, "Highway", Highway::new);
        registry.add(MODULE, "MaxoutDense", MaxoutDense::new);
        registry.add(MODULE, "SReLU", SReLU::new);
        registry.add(MODULE, "ParametricSoftplus", ParametricSoftplus::new);
        registry.add(MODULE, "LocallyConnected1D", LocallyConnected::oneAxis);
        registry.add(MODULE, "LocallyConnected2D", LocallyConnected::twoAxes);
    }
}

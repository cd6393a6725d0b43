package org.keras4j.layers;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Factory;
import org.keras4j.serialization.Registry;

/** The layers of this package that configs can name. */
public final class LayerCatalog implements Catalog {
    @Override
    public void register(Registry registry) {
        new Entries(registry).basic();
    }

    /** Adds one family of layers after another. */
    private record Entries(Registry registry) {
        private void add(String className, Factory factory) {
            registry.add("keras.layers", className, factory);
        }

        void basic() {
            add("InputLayer", InputLayer::fromConfig);
            add("Dense", Dense::fromConfig);
            add("Embedding", Embedding::fromConfig);
            add("Masking", Masking::fromConfig);
            add("Identity", Identity::fromConfig);
            add("Lambda", Lambda::fromConfig);
            add("Activation", Activation::fromConfig);
            add("ReLU", ReLU::fromConfig);
            add("LeakyReLU", LeakyReLU::fromConfig);
            add("PReLU", PReLU::fromConfig);
            add("ELU", ELU::fromConfig);
            add("Softmax", Softmax::fromConfig);
            add("Dropout", Dropout::fromConfig);
            add("AlphaDropout", AlphaDropout::fromConfig);
            add("GaussianDropout", GaussianDropout::fromConfig);
            add("GaussianNoise", GaussianNoise::fromConfig);
            add("SpatialDropout1D", SpatialDropout1D::fromConfig);
            add("SpatialDropout2D", SpatialDropout2D::fromConfig);
            add("SpatialDropout3D", SpatialDropout3D::fromConfig);
            add("ActivityRegularization", ActivityRegularization::fromConfig);
            add("UnitNormalization", UnitNormalization::fromConfig);
            add("Flatten", Flatten::fromConfig);
            add("Reshape", Reshape::fromConfig);
            add("Permute", Permute::fromConfig);
            add("RepeatVector", RepeatVector::fromConfig);
            add("Rescaling", Rescaling::fromConfig);
        }
    }
}

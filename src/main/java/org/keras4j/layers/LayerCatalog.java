package org.keras4j.layers;

import org.keras4j.serialization.Catalog;
import org.keras4j.serialization.Factory;
import org.keras4j.serialization.Registry;

/** The layers of this package that configs can name. */
public final class LayerCatalog implements Catalog {
    @Override
    public void register(Registry registry) {
        var entries = new Entries(registry);
        entries.basic();
        entries.convolutions();
        entries.pools();
        entries.edges();
        entries.normalizations();
        entries.merges();
        entries.preprocessing();
        entries.augmentations();
    }

    /** Adds one family of layers after another. */
    private record Entries(Registry registry) {
        private void add(String className, Factory factory) {
            registry.add("keras.layers", className, factory);
        }

        void basic() {
            add("InputLayer", InputLayer::fromConfig);
            add("Dense", Dense::fromConfig);
            add("EinsumDense", EinsumDense::fromConfig);
            add("TernaryDense", TernaryDense::fromConfig);
            add("Embedding", Embedding::fromConfig);
            add("ReversibleEmbedding", ReversibleEmbedding::fromConfig);
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

        void convolutions() {
            add("Conv1D", Conv1D::fromConfig);
            add("Conv2D", Conv2D::fromConfig);
            add("Conv3D", Conv3D::fromConfig);
            add("Conv1DTranspose", Conv1DTranspose::fromConfig);
            add("Conv2DTranspose", Conv2DTranspose::fromConfig);
            add("Conv3DTranspose", Conv3DTranspose::fromConfig);
            add("DepthwiseConv1D", DepthwiseConv1D::fromConfig);
            add("DepthwiseConv2D", DepthwiseConv2D::fromConfig);
            add("SeparableConv1D", SeparableConv1D::fromConfig);
            add("SeparableConv2D", SeparableConv2D::fromConfig);
        }

        void pools() {
            add("MaxPooling1D", MaxPooling1D::fromConfig);
            add("MaxPooling2D", MaxPooling2D::fromConfig);
            add("MaxPooling3D", MaxPooling3D::fromConfig);
            add("AveragePooling1D", AveragePooling1D::fromConfig);
            add("AveragePooling2D", AveragePooling2D::fromConfig);
            add("AveragePooling3D", AveragePooling3D::fromConfig);
            add("GlobalMaxPooling1D", GlobalMaxPooling1D::fromConfig);
            add("GlobalMaxPooling2D", GlobalMaxPooling2D::fromConfig);
            add("GlobalMaxPooling3D", GlobalMaxPooling3D::fromConfig);
            add("GlobalAveragePooling1D", GlobalAveragePooling1D::fromConfig);
            add("GlobalAveragePooling2D", GlobalAveragePooling2D::fromConfig);
            add("GlobalAveragePooling3D", GlobalAveragePooling3D::fromConfig);
            add("AdaptiveMaxPooling1D", AdaptiveMaxPooling1D::fromConfig);
            add("AdaptiveMaxPooling2D", AdaptiveMaxPooling2D::fromConfig);
            add("AdaptiveMaxPooling3D", AdaptiveMaxPooling3D::fromConfig);
            add("AdaptiveAveragePooling1D", AdaptiveAveragePooling1D::fromConfig);
            add("AdaptiveAveragePooling2D", AdaptiveAveragePooling2D::fromConfig);
            add("AdaptiveAveragePooling3D", AdaptiveAveragePooling3D::fromConfig);
        }

        void edges() {
            add("ZeroPadding1D", ZeroPadding1D::fromConfig);
            add("ZeroPadding2D", ZeroPadding2D::fromConfig);
            add("ZeroPadding3D", ZeroPadding3D::fromConfig);
            add("Cropping1D", Cropping1D::fromConfig);
            add("Cropping2D", Cropping2D::fromConfig);
            add("Cropping3D", Cropping3D::fromConfig);
            add("UpSampling1D", UpSampling1D::fromConfig);
            add("UpSampling2D", UpSampling2D::fromConfig);
            add("UpSampling3D", UpSampling3D::fromConfig);
        }

        void normalizations() {
            add("BatchNormalization", BatchNormalization::fromConfig);
            add("LayerNormalization", LayerNormalization::fromConfig);
            add("GroupNormalization", GroupNormalization::fromConfig);
            add("RMSNormalization", RMSNormalization::fromConfig);
            add("SpectralNormalization", SpectralNormalization::fromConfig);
        }

        void merges() {
            add("Add", Add::fromConfig);
            add("Subtract", Subtract::fromConfig);
            add("Multiply", Multiply::fromConfig);
            add("Average", Average::fromConfig);
            add("Maximum", Maximum::fromConfig);
            add("Minimum", Minimum::fromConfig);
            add("Concatenate", Concatenate::fromConfig);
            add("Dot", Dot::fromConfig);
        }

        void preprocessing() {
            add("Resizing", Resizing::fromConfig);
            add("CenterCrop", CenterCrop::fromConfig);
            add("CategoryEncoding", CategoryEncoding::fromConfig);
            add("Discretization", Discretization::fromConfig);
            add("Normalization", Normalization::fromConfig);
            add(
                    "ContrastLimitedAdaptiveHistogramEqualization",
                    ContrastLimitedAdaptiveHistogramEqualization::fromConfig);
            add("MaxNumBoundingBoxes", MaxNumBoundingBoxes::fromConfig);
            add("IntegerLookup", IntegerLookup::fromConfig);
            add("StringLookup", StringLookup::fromConfig);
            registry.add("keras.src.layers.preprocessing.index_lookup", "IndexLookup", IndexLookup::fromConfig);
            add("TextVectorization", TextVectorization::fromConfig);
            add("Hashing", Hashing::fromConfig);
            add("HashedCrossing", HashedCrossing::fromConfig);
            add("Pipeline", Pipeline::fromConfig);
        }

        void augmentations() {
            add("RandomBrightness", RandomBrightness::fromConfig);
            add("RandomContrast", RandomContrast::fromConfig);
            add("RandomColorDegeneration", RandomColorDegeneration::fromConfig);
            add("RandomSaturation", RandomSaturation::fromConfig);
            add("RandomHue", RandomHue::fromConfig);
            add("RandomInvert", RandomInvert::fromConfig);
            add("RandomPosterization", RandomPosterization::fromConfig);
            add("RandomSharpness", RandomSharpness::fromConfig);
            add("RandomGrayscale", RandomGrayscale::fromConfig);
            add("RandomGaussianBlur", RandomGaussianBlur::fromConfig);
            add("RandomRotation", RandomRotation::fromConfig);
            add("RandomTranslation", RandomTranslation::fromConfig);
            add("RandomZoom", RandomZoom::fromConfig);
            add("RandomShear", RandomShear::fromConfig);
            add("RandomFlip", RandomFlip::fromConfig);
            add("RandomCrop", RandomCrop::fromConfig);
            add("RandomPerspective", RandomPerspective::fromConfig);
            add("RandomElasticTransform", RandomElasticTransform::fromConfig);
            add("RandomErasing", RandomErasing::fromConfig);
            add("Solarization", Solarization::fromConfig);
            add("RandAugment", RandAugment::fromConfig);
            add("AugMix", AugMix::fromConfig);
            add("MelSpectrogram", MelSpectrogram::fromConfig);
            add("STFTSpectrogram", STFTSpectrogram::fromConfig);
            add("AutoContrast", AutoContrast::fromConfig);
            add("RandomColorJitter", RandomColorJitter::fromConfig);
            add("Equalization", Equalization::fromConfig);
            add("MixUp", MixUp::fromConfig);
            add("CutMix", CutMix::fromConfig);
        }
    }
}

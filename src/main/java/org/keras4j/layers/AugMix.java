package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.serialization.ConfigReader;

/**
 * Mixes images with what chains of random augmentations make of them (Hendrycks et al. 2020); the same for the whole
 * batch. Weights of the chains are drawn from a Dirichlet distribution, those of the original from a beta distribution.
 */
public final class AugMix extends BaseAugmentationPolicy<AugMix> {
    private static final List<String> NAMES = List.of(
            "random_shear",
            "random_translation",
            "random_rotation",
            "random_posterization",
            "solarization",
            "auto_contrast",
            "equalization",
            "random_brightness",
            "random_color_degeneration",
            "random_contrast",
            "random_sharpness");
    private static final int WITHOUT_COLORS = 7;

    private int numChains = 3;
    private int chainDepth = 3;
    private double alpha = 1;
    private boolean allOps = true;

    public AugMix() {
        super(0.3);
    }

    static AugMix fromConfig(ConfigReader config) {
        return new AugMix()
                .configurePolicy(config)
                .numChains(config.integer("num_chains", 3))
                .chainDepth(config.integer("chain_depth", 3))
                .alpha(config.real("alpha", 1))
                .allOps(config.bool("all_ops", true));
    }

    /** Sets how many chains are mixed; 3 if not set. */
    public AugMix numChains(int count) {
        requireUnbuilt();
        if (count < 1) throw new IllegalArgumentException("AugMix: num_chains must be positive, got " + count);
        numChains = count;
        return this;
    }

    /** Sets how many augmentations a chain has at most; 3 if not set. */
    public AugMix chainDepth(int depth) {
        requireUnbuilt();
        if (depth < 0) throw new IllegalArgumentException("AugMix: chain_depth must be 0 or more, got " + depth);
        chainDepth = depth;
        return this;
    }

    /** Sets the parameter of the distributions of the weights; 1 if not set. */
    public AugMix alpha(double alpha) {
        requireUnbuilt();
        if (!(alpha > 0)) throw new IllegalArgumentException("AugMix: alpha must be positive, got " + alpha);
        this.alpha = alpha;
        return this;
    }

    /** Says whether colours, contrast and sharpness are changed, too; true if not set. */
    public AugMix allOps(boolean allOps) {
        requireUnbuilt();
        this.allOps = allOps;
        return this;
    }

    @Override
    List<String> names() {
        return allOps ? NAMES : NAMES.subList(0, WITHOUT_COLORS);
    }

    /**
     * Draws weights and chains. A link of a chain is a map with the layer_idx that is drawn and all transforms; of a
     * transformation made elsewhere a link may also be Keras's map with a layer_name and its transformation.
     */
    @Override
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        if (!training) return null;
        Tensor parameter = K.full(Shape.of(), alpha, DType.FLOAT32);
        Tensor parts =
                Random.gamma(Shape.of(numChains), K.broadcastTo(parameter, Shape.of(numChains)), DType.FLOAT32, draw());
        List<Object> chains = new ArrayList<>();
        for (int i = 0; i < numChains; i++) {
            Tensor chosen = augmentations().drawIndices(chainDepth, true, draw());
            List<Object> chain = new ArrayList<>();
            for (int j = 0; j < chainDepth; j++)
                chain.add(Map.of(
                        "layer_idx",
                        Primitives.slice(chosen, 0, j, 1),
                        "transforms",
                        augmentations().draw(images)));
            chains.add(chain);
        }
        Map<String, Object> drawn = new LinkedHashMap<>();
        drawn.put("chain_mixing_weights", K.divide(parts, K.sum(parts)));
        drawn.put("weight_sample", Random.beta(Shape.of(), parameter, parameter, DType.FLOAT32, draw()));
        drawn.put("chain_transforms", chains);
        return drawn;
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        if (!training || transformation == null) return x;
        Tensor weights = K.cast(entry(transformation, "chain_mixing_weights"), x.dtype());
        Tensor own = K.cast(entry(transformation, "weight_sample"), x.dtype());
        if (!(transformation instanceof Map<?, ?> map) || !(map.get("chain_transforms") instanceof List<?> chains))
            throw new IllegalArgumentException(
                    "expected a transformation with chain_transforms, got " + transformation);
        Tensor mixed = K.zerosLike(x);
        for (int i = 0; i < chains.size(); i++) {
            Tensor y = x;
            for (Object link : (List<?>) chains.get(i)) y = linked(link, y);
            mixed = K.add(mixed, K.multiply(y, Primitives.slice(weights, 0, i, 1)));
        }
        return clipped(K.add(K.multiply(own, x), K.multiply(K.subtract(1, own), mixed)));
    }

    private Tensor linked(Object link, Tensor x) {
        if (link instanceof Map<?, ?> map) {
            if (map.get("layer_name") instanceof String name)
                return augmentations().transform(name, x, map.get("transformation"));
            if (map.get("layer_idx") instanceof Tensor index && map.get("transforms") instanceof Map<?, ?> transforms)
                return augmentations().transformOne(index, transforms, x);
        }
        throw new IllegalArgumentException("expected chains of maps with layer_name and transformation, got " + link);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_chains", numChains);
        config.put("chain_depth", chainDepth);
        config.put("alpha", alpha);
        config.put("all_ops", allOps);
        return config;
    }
}

package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;

/** The image layers that an augmentation policy chooses from, by the names that Keras has for them. */
final class Augmentations {
    private final Map<String, ImageLayer<?>> layers = new LinkedHashMap<>();

    /**
     * Makes the layers called {@code names}, in this order, with the options of {@code policy}.
     *
     * @param factor the range of how strong each change is, from 0 to 1
     */
    Augmentations(RandomImageLayer<?> policy, List<String> names, double[] factor, String interpolation) {
        for (String name : names) {
            RandomImageLayer<?> layer = layer(name, factor, interpolation);
            layer.seed(policy.seed()).valueRange(policy.valueRange[0], policy.valueRange[1]);
            layer.dataFormat(policy.dataFormat()).name(name).dtype(policy.dtypePolicy());
            layers.put(name, layer);
        }
    }

    private static RandomImageLayer<?> layer(String name, double[] factor, String interpolation) {
        return switch (name) {
            case "random_shear" -> new RandomShear(factor, factor).interpolation(interpolation);
            case "random_translation" -> new RandomTranslation(factor, factor).interpolation(interpolation);
            case "random_rotation" -> new RandomRotation(factor).interpolation(interpolation);
            case "random_brightness" -> new RandomBrightness(factor);
            case "random_color_degeneration" -> new RandomColorDegeneration(factor);
            case "random_contrast" -> new RandomContrast(factor);
            case "random_sharpness" -> new RandomSharpness(factor);
            case "solarization" ->
                new Solarization().additionFactor(factor[0], factor[1]).thresholdFactor(factor[0], factor[1]);
            case "random_posterization" -> new RandomPosterization(Math.max(1, (int) (8 * factor[1])));
            case "auto_contrast" -> new AutoContrast();
            case "equalization" -> new Equalization();
            default -> throw new IllegalArgumentException("Unknown augmentation \"" + name + "\"");
        };
    }

    List<ImageLayer<?>> layers() {
        return List.copyOf(layers.values());
    }

    /** Draws a transformation of each layer, by its name. */
    Map<String, @Nullable Object> draw(Shape images) {
        Map<String, @Nullable Object> drawn = new LinkedHashMap<>();
        layers.forEach((name, layer) -> drawn.put(name, layer.drawTransformation(images, true)));
        return drawn;
    }

    /** Draws numbers of layers; with {@code orNone} one more number stands for no change. */
    Tensor drawIndices(int count, boolean orNone, Tensor seed) {
        return Random.randint(Shape.of(count), 0, layers.size() + (orNone ? 1 : 0), DType.INT32, seed);
    }

    /** Changes images with the layer called {@code name}. */
    Tensor transform(String name, Tensor images, @Nullable Object transformation) {
        ImageLayer<?> layer = layers.get(name);
        if (layer == null)
            throw new IllegalArgumentException(
                    "expected one of the augmentations " + layers.keySet() + ", got " + name);
        return layer.transformImages(images, transformation, true);
    }

    /**
     * Changes images with the layer that has the number {@code index} among the transformations; others change nothing.
     */
    Tensor transformOne(Tensor index, Map<?, ?> transformations, Tensor images) {
        Tensor y = images;
        List<Object> names = new ArrayList<>(transformations.keySet());
        for (int i = 0; i < names.size(); i++) {
            Tensor changed = transform(String.valueOf(names.get(i)), y, transformations.get(names.get(i)));
            y = K.where(K.equal(index, i), changed, y);
        }
        return y;
    }
}

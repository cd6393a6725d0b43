package org.keras4j.models;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Layer;
import org.keras4j.saving.LoadOptions;
import org.keras4j.saving.Saving;
import org.keras4j.serialization.Saveable;

/** Loads models, as {@code keras.models}. */
public final class Models {
    private Models() {}

    /** Loads a model from a {@code .keras} file or directory, an {@code .h5} file, or a SavedModel of Keras 2. */
    public static Model loadModel(Path file) {
        return loadModel(file, options -> {});
    }

    /**
     * Loads a model from a {@code .keras} file or directory, an {@code .h5} file, or a SavedModel of Keras 2.
     *
     * @throws KerasFileException if the file is damaged or holds something else; the message says where
     */
    public static Model loadModel(Path file, Consumer<LoadOptions> options) {
        Saveable loaded = Saving.loadModel(file, options);
        if (loaded instanceof Model model) return model;
        throw new KerasFileException(file.toString(), "config.json", "expected a model, got " + loaded.className());
    }

    /** Makes a model without weights from what {@link Model#toJson} gives, or Keras's {@code to_json}. */
    public static Model modelFromJson(String json) {
        return modelFromJson(json, options -> {});
    }

    /** Makes a model without weights from JSON. */
    public static Model modelFromJson(String json, Consumer<LoadOptions> options) {
        Saveable made = Saving.modelFromJson(json, options);
        if (made instanceof Model model) return model;
        throw new IllegalArgumentException("Expected the JSON of a model, got " + made.className());
    }

    /** Makes a model without weights from what {@code to_yaml} of Keras 1 and 2 wrote; Keras 3 has no such function. */
    public static Model modelFromYaml(String yaml) {
        return modelFromYaml(yaml, options -> {});
    }

    /**
     * Makes a model without weights from YAML. Tuples of Python are read as lists, other objects of Python are refused.
     *
     * @throws KerasFileException if it is no such text, or if {@code org.snakeyaml:snakeyaml-engine} is not on the
     *     class path
     */
    public static Model modelFromYaml(String yaml, Consumer<LoadOptions> options) {
        Saveable made = Saving.modelFromYaml(yaml, options);
        if (made instanceof Model model) return model;
        throw new IllegalArgumentException("Expected the YAML of a model, got " + made.className());
    }

    /** Makes a model of the same layers with new weights, compiled as this one is. */
    public static Model cloneModel(Model model) {
        return modelFromJson(model.toJson());
    }

    /**
     * Makes a Sequential or Functional model in which each layer is what {@code cloneFunction} makes of it; {@link
     * #cloneLayer} makes one of the same config. It is compiled as the model is.
     *
     * <pre>{@code
     * Model dropped = Models.cloneModel(
     *     model, layer -> layer instanceof Dropout ? new Dropout(0.5).name(layer.name()) : Models.cloneLayer(layer));
     * }</pre>
     */
    public static Model cloneModel(Model model, UnaryOperator<Layer> cloneFunction) {
        return cloneModel(model, cloneFunction, false);
    }

    /**
     * Makes a model as {@link #cloneModel(Model, UnaryOperator)} does.
     *
     * @param recursive whether the layers of models inside are given to the function, instead of those models
     */
    public static Model cloneModel(Model model, UnaryOperator<Layer> cloneFunction, boolean recursive) {
        return new Cloning(cloneFunction, recursive).model(model);
    }

    /** Makes a layer of the same config, its name included, with new weights. */
    public static Layer cloneLayer(Layer layer) {
        return Cloning.layer(layer);
    }

    /** Returns a drawing of the model in Graphviz's language DOT. */
    public static String modelToDot(Model model) {
        return modelToDot(model, options -> {});
    }

    /** Returns a drawing of the model in Graphviz's language DOT; the model must be built. */
    public static String modelToDot(Model model, Consumer<DotOptions> options) {
        var chosen = new DotOptions();
        options.accept(chosen);
        return DotWriter.write(model, chosen);
    }

    /**
     * Writes a drawing of the model: a {@code .dot} file, or what the program {@code dot} of Graphviz makes of it, such
     * as {@code .png}, {@code .svg} or {@code .pdf}. Unlike {@code model_to_dot}, names of layers are not shown if
     * nothing is set.
     *
     * @throws java.io.UncheckedIOException if the file cannot be written, or {@code dot} is needed and not there
     */
    public static void plotModel(Model model, Path toFile, Consumer<DotOptions> options) {
        ModelPlot.write(modelToDot(model, o -> options.accept(o.showLayerNames(false))), toFile);
    }
}

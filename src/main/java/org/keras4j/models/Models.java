package org.keras4j.models;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.keras4j.KerasFileException;
import org.keras4j.saving.LoadOptions;
import org.keras4j.saving.Saving;
import org.keras4j.serialization.Saveable;

/** Loads models, as {@code keras.models}. */
public final class Models {
    private Models() {}

    /** Loads a model from a {@code .keras} file or directory, or a {@code .h5} file. */
    public static Model loadModel(Path file) {
        return loadModel(file, options -> {});
    }

    /**
     * Loads a model from a {@code .keras} file or directory, or a {@code .h5} file.
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
}

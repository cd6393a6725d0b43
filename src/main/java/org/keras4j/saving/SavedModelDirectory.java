package org.keras4j.saving;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Layer;
import org.keras4j.saving.legacy.LegacyConfig;
import org.keras4j.saving.legacy.LegacyTraining;
import org.keras4j.saving.savedmodel.Checkpoint;
import org.keras4j.saving.savedmodel.SavedModel;
import org.keras4j.serialization.Saveable;

/** A SavedModel of TensorFlow with what Keras 2 noted of the model: its config, its weights, how it was compiled. */
final class SavedModelDirectory {
    private static final System.Logger LOG = System.getLogger(SavedModelDirectory.class.getName());
    private static final String PLACE = "root";

    private SavedModelDirectory() {}

    static Saveable read(Path directory, LoadOptions options) {
        SavedModel saved = SavedModel.read(directory);
        Map<String, @Nullable Object> config = LegacyConfig.upgrade(saved.model(), saved.kerasVersion(), saved.file());
        Saveable model = ModelConfig.read(config, options, saved.file(), PLACE);
        loadWeights(directory, model, config.get("config") instanceof Map<?, ?> map ? map : null);
        Map<String, @Nullable Object> training = saved.training();
        if (options.compile && training != null) compile(model, training, options, saved.file());
        return model;
    }

    private static void loadWeights(Path directory, Saveable model, @Nullable Map<?, ?> config) {
        if (!(model instanceof Layer layer) || (layer.built() && layer.weights().isEmpty())) return;
        if (!layer.built())
            throw new KerasFileException(
                    directory.toString(), "", layer.describe() + " does not say the shape of its inputs");
        Path prefix = Checkpoint.find(directory);
        if (prefix == null)
            throw new KerasFileException(directory.toString(), "", "expected weights in variables/variables.index");
        Checkpoint.load(prefix, layer, config, false);
    }

    /** What cannot be compiled can predict, so that is told and the model is left uncompiled. */
    private static void compile(
            Saveable model, Map<String, @Nullable Object> training, LoadOptions options, String file) {
        try {
            ModelConfig.compile(model, LegacyTraining.upgrade(training), options, file, PLACE);
        } catch (KerasFileException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}; the model is not compiled", e.getMessage());
        }
    }
}

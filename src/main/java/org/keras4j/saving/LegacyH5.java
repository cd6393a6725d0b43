package org.keras4j.saving;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Layer;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Group;
import org.keras4j.saving.legacy.LegacyConfig;
import org.keras4j.saving.legacy.LegacyTraining;
import org.keras4j.serialization.Saveable;

/** The {@code .h5} files of Keras 1 and 2, which Keras 3 writes too: config in an attribute, weights by layer name. */
final class LegacyH5 {
    private static final System.Logger LOG = System.getLogger(LegacyH5.class.getName());
    private static final String MODEL_CONFIG = "model_config";
    private static final String TRAINING_CONFIG = "training_config";
    static final String MODEL_WEIGHTS = "model_weights";

    private LegacyH5() {}

    /** Says whether the file holds weights by layer name, with a model's config or without. */
    static boolean isOne(Hdf5File file) {
        return file.root().attributes().has("layer_names")
                || file.root().attributes().names().contains("nb_layers")
                || file.root().has(MODEL_WEIGHTS);
    }

    static Saveable read(Hdf5File file, LoadOptions options) {
        Hdf5Group root = file.root();
        String text = root.attributes().string(MODEL_CONFIG);
        if (text == null)
            throw new KerasFileException(
                    file.name(), "", "holds weights and no model; make the model, then load them with loadWeights");
        Map<String, @Nullable Object> config = Json.parseObject(text, file.name(), MODEL_CONFIG);
        Map<String, @Nullable Object> upgraded = LegacyConfig.upgrade(config, version(root), file.name());
        Saveable model = ModelConfig.read(upgraded, options, file.name(), MODEL_CONFIG);
        new LegacyWeightsFile(file, options.legacyBackend).load(layer(file, model), false);
        String training = root.attributes().string(TRAINING_CONFIG);
        if (options.compile && training != null) compile(file, model, training, options);
        return model;
    }

    /** Loads weights by layer name into a model that is there already. */
    static void readWeights(Hdf5File file, Saveable model, boolean skipMismatch) {
        new LegacyWeightsFile(file, null).load(layer(file, model), skipMismatch);
    }

    /** Returns the Keras that wrote the file; null for the oldest, which did not say. */
    static @Nullable String version(Hdf5Group root) {
        Hdf5Group weights = root.findGroup(MODEL_WEIGHTS);
        String version = weights == null ? null : weights.attributes().string("keras_version");
        return version == null ? root.attributes().string("keras_version") : version;
    }

    private static Layer layer(Hdf5File file, Saveable model) {
        if (model instanceof Layer layer) return layer;
        throw new KerasFileException(
                file.name(), "", "expected a model, got " + model.getClass().getSimpleName());
    }

    /** A loss that is no more keeps nobody from predicting, so it is told and the model is left uncompiled. */
    private static void compile(Hdf5File file, Saveable model, String training, LoadOptions options) {
        try {
            Map<String, @Nullable Object> config = Json.parseObject(training, file.name(), TRAINING_CONFIG);
            ModelConfig.compile(model, LegacyTraining.upgrade(config), options, file.name(), TRAINING_CONFIG);
        } catch (KerasFileException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}; the model is not compiled", e.getMessage());
            return;
        }
        LegacyOptimizerState.load(file, model);
    }

    /** Returns a v3 config in the form of an {@code .h5} file: models and layers lose their module. */
    static Map<String, @Nullable Object> stripped(Map<?, ?> object) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("class_name", object.get("class_name"));
        Object config = object.get("config");
        if (config instanceof Map<?, ?> map && map.get("layers") instanceof List<?> layers) {
            Map<String, @Nullable Object> inner = new LinkedHashMap<>();
            map.forEach((key, value) -> inner.put(String.valueOf(key), value));
            inner.put(
                    "layers",
                    layers.stream()
                            .map(layer -> (Object) stripped((Map<?, ?>) layer))
                            .toList());
            config = inner;
        }
        out.put("config", config);
        for (String key : List.of("name", "inbound_nodes")) if (object.containsKey(key)) out.put(key, object.get(key));
        return out;
    }
}

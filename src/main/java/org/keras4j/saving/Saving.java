package org.keras4j.saving;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Layer;
import org.keras4j.saving.archive.AtomicFile;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.archive.Yaml;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.legacy.LegacyConfig;
import org.keras4j.saving.savedmodel.Checkpoint;
import org.keras4j.saving.savedmodel.SavedModel;
import org.keras4j.serialization.Registry;
import org.keras4j.serialization.Saveable;

/** Saves and loads models and weights in Keras's own files, as {@code keras.saving} does. */
public final class Saving {
    private static final int SIGNATURE = 8;

    private Saving() {}

    /**
     * Saves a model with its weights, its optimizer's state and how it was compiled, all or nothing.
     *
     * @param path {@code .keras} for Keras 3's format, {@code .h5} for the older one
     * @throws KerasFileException if the file cannot be written
     */
    public static void saveModel(Saveable model, Path path) {
        String name = path.toString();
        if (name.endsWith(".weights.h5"))
            throw new KerasFileException(name, "", "is a name for weights only; use saveWeights, or a name on .keras");
        if (name.endsWith(".keras")) {
            KerasArchive.write(model, path);
        } else if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            LegacyH5Writer.write(layer(model), path);
        } else {
            throw new KerasFileException(name, "", "expected a name that ends in .keras, or in .h5 for the old format");
        }
    }

    /**
     * Loads a model from a {@code .keras} file, the directory of an unpacked one, an {@code .h5} file of any Keras, or
     * the SavedModel directory of Keras 2.
     *
     * @throws KerasFileException if it is no such file, is damaged, or names classes that are not known
     */
    public static Saveable loadModel(Path path, Consumer<LoadOptions> configure) {
        var options = new LoadOptions();
        configure.accept(options);
        String name = path.toString();
        if (Files.isDirectory(path)) {
            if (KerasDirectory.isOne(path)) return KerasDirectory.read(path, options);
            if (SavedModel.isOne(path)) return SavedModelDirectory.read(path, options);
            throw new KerasFileException(
                    name, "", "expected a file, a directory with config.json, or a SavedModel of TensorFlow");
        }
        if (Checkpoint.find(path) != null)
            throw new KerasFileException(
                    name,
                    "",
                    "is a checkpoint of TensorFlow, which holds no model; make the model and call loadWeights");
        byte[] start = start(path);
        if (start.length > 1 && start[0] == 'P' && start[1] == 'K') return KerasArchive.read(path, options);
        if (Hdf5File.isHdf5(start)) {
            try (Hdf5File file = Hdf5File.open(path)) {
                return LegacyH5.read(file, options);
            }
        }
        throw new KerasFileException(name, "", "expected a .keras or .h5 file, got " + shown(start));
    }

    /** Says what kind of file it is that is no model with weights. */
    private static String shown(byte[] start) {
        if (start.length == 0) return "an empty file";
        if (start[0] == '{')
            return "JSON, which holds no weights; make the model with modelFromJson and call loadWeights";
        return "other bytes at its start";
    }

    /** Saves the weights of a model and the state of its optimizer; the name must end in {@code .weights.h5}. */
    public static void saveWeights(Saveable model, Path path) {
        if (!path.toString().endsWith(".weights.h5"))
            throw new KerasFileException(path.toString(), "", "expected a name that ends in .weights.h5");
        if (!model.built())
            throw new IllegalStateException(model.className() + " \"" + model.name()
                    + "\" is not built, so it has no weights to save; call it or build it first");
        AtomicFile.write(path, channel -> WeightsFile.of(model).writeTo(channel));
    }

    /**
     * Loads weights into a model of the same structure, from {@code .weights.h5}, {@code .weights.json} with its
     * shards, {@code .keras}, or a checkpoint of TensorFlow by its prefix or its folder. If they do not fit, nothing
     * changes.
     *
     * @throws KerasFileException that lists all objects whose variables differ
     */
    public static void loadWeights(Saveable model, Path path) {
        loadWeights(model, path, false);
    }

    /** Loads weights; with {@code skipMismatch}, objects whose variables differ keep theirs. */
    public static void loadWeights(Saveable model, Path path, boolean skipMismatch) {
        if (!model.built())
            throw new IllegalStateException(model.className() + " \"" + model.name()
                    + "\" is not built, so it has no variables to load; call it or build it first");
        Path checkpoint = Checkpoint.find(path);
        if (checkpoint != null) {
            Checkpoint.load(checkpoint, layer(model), null, skipMismatch);
            return;
        }
        byte[] start = start(path);
        if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
            KerasArchive.readWeights(path, model, skipMismatch);
        } else if (Hdf5File.isHdf5(start)) {
            try (Hdf5File file = Hdf5File.open(path)) {
                if (LegacyH5.isOne(file)) LegacyH5.readWeights(file, model, skipMismatch);
                else StateLoader.load(model, new WeightsFile(file), StateLoader::isOptimizer, skipMismatch);
            }
        } else if (path.toString().endsWith(".json")) {
            try (ShardedWeights weights = ShardedWeights.open(path)) {
                StateLoader.load(model, weights, StateLoader::isOptimizer, skipMismatch);
            }
        } else {
            throw new KerasFileException(
                    path.toString(),
                    "",
                    "expected .weights.h5, .weights.json, .keras or a checkpoint of TensorFlow, got "
                            + (start.length == 0 ? "an empty file" : "other bytes at its start"));
        }
    }

    /** Returns the model's config as Keras's {@code to_json} writes it. */
    public static String toJson(Saveable model) {
        return Json.write(new Serializer().serialize(model));
    }

    /** Makes a model from {@link #toJson}, or from the JSON of Keras 1 or 2, compiled as it was, without weights. */
    public static Saveable modelFromJson(String json, Consumer<LoadOptions> configure) {
        var options = new LoadOptions();
        configure.accept(options);
        return fromPlain(Json.parseObject(json, "JSON", ""), options, "JSON");
    }

    /**
     * Makes a model from what {@code to_yaml} of Keras 1 or 2 wrote, without weights. Nothing in the text is run.
     *
     * @throws KerasFileException if it is no such text, or if SnakeYAML Engine is not on the class path
     */
    public static Saveable modelFromYaml(String yaml, Consumer<LoadOptions> configure) {
        var options = new LoadOptions();
        configure.accept(options);
        return fromPlain(Yaml.parseObject(yaml, "YAML"), options, "YAML");
    }

    private static Saveable fromPlain(Map<String, @Nullable Object> config, LoadOptions options, String file) {
        if (!(config.get("class_name") instanceof String))
            throw new KerasFileException(
                    file, "", "expected a model with class_name and config, got " + config.keySet());
        if (config.containsKey("module")) return ModelConfig.read(config, options, file, "");
        String version = config.get("keras_version") instanceof String v ? v : null;
        return ModelConfig.read(LegacyConfig.upgrade(config, version, file), options, file, "");
    }

    /** Returns an object in plain form: maps, lists, strings, numbers, booleans and null. */
    public static @Nullable Object serializeKerasObject(@Nullable Object object) {
        return new Serializer().serialize(object);
    }

    /** Makes the object that {@link #serializeKerasObject} described. */
    public static Object deserializeKerasObject(Map<?, ?> config) {
        return Registry.keras().forOneFile(Map.of()).deserialize(config, "object");
    }

    private static Layer layer(Saveable model) {
        if (model instanceof Layer layer) return layer;
        throw new IllegalArgumentException(
                "Expected a model, got " + model.getClass().getName());
    }

    private static byte[] start(Path path) {
        if (!Files.exists(path)) throw new KerasFileException(path.toString(), "", "no such file");
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(SIGNATURE);
        } catch (IOException e) {
            throw new KerasFileException(path.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }
}

package org.keras4j.saving.savedmodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.saving.archive.Json;

/**
 * What Keras noted of a model in a SavedModel's directory: in {@code keras_metadata.pb} since TensorFlow 2.5, before it
 * beside the model's object in {@code saved_model.pb}. The functions in the latter, the model as a graph, are not read.
 */
public final class SavedModel {
    static final String VARIABLES = "variables/variables";

    private static final String GRAPH = "saved_model.pb";
    private static final String METADATA = "keras_metadata.pb";
    private static final String NO_CONFIG = "layer was saved without config";
    private static final int MAX_DEPTH = 500;

    private final String file;
    private final Map<String, @Nullable Object> root;

    private SavedModel(String file, Map<String, @Nullable Object> root) {
        this.file = file;
        this.root = root;
    }

    /** Says whether a directory is a SavedModel. */
    public static boolean isOne(Path directory) {
        return Files.isRegularFile(directory.resolve(GRAPH)) || Files.isRegularFile(directory.resolve(METADATA));
    }

    /**
     * Reads what is noted of the model.
     *
     * @throws KerasFileException if nothing is, or the files are damaged
     */
    public static SavedModel read(Path directory) {
        boolean isSeparate = Files.isRegularFile(directory.resolve(METADATA));
        Path path = directory.resolve(isSeparate ? METADATA : GRAPH);
        String file = path.toString();
        String text;
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE)
                throw new KerasFileException(file, "", "is larger than a message can be");
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            text = isSeparate ? inMetadata(bytes, file) : inGraph(bytes, file);
        } catch (IOException e) {
            throw new KerasFileException(file, "", "cannot be read: " + e.getMessage(), e);
        }
        if (text == null || text.isEmpty())
            throw new KerasFileException(
                    directory.toString(),
                    "",
                    "is a SavedModel of TensorFlow that Keras 2 did not save as a model: it holds a graph of operations and"
                            + " no layers, which is not read here; in Python, save the Keras model as .keras or .h5");
        return new SavedModel(file, plain(Json.parseObject(text, file, "root"), file));
    }

    private static @Nullable String inMetadata(ByteBuffer bytes, String file) {
        var in = new ProtoReader(bytes, file, "");
        while (in.next()) {
            if (in.field() != 1) continue;
            ProtoReader node = in.message();
            int id = 0;
            String metadata = "";
            while (node.next()) {
                if (node.field() == 2) id = node.index();
                else if (node.field() == 5) metadata = node.text();
            }
            if (id == 0) return metadata;
        }
        return null;
    }

    /** The first object of the graph of objects is the model. */
    private static @Nullable String inGraph(ByteBuffer bytes, String file) {
        var in = new ProtoReader(bytes, file, "");
        // meta_graphs, object_graph_def, nodes, user_object
        for (int field : new int[] {2, 7, 1, 4}) {
            if (!goTo(field, in)) return null;
            in = in.message();
        }
        final int metadata = 3;
        return goTo(metadata, in) ? in.text() : null;
    }

    private static boolean goTo(int field, ProtoReader in) {
        while (in.next()) if (in.field() == field) return true;
        return false;
    }

    /** Returns the object with its tuples and shapes as lists, which is what they are in other files. */
    private static Map<String, @Nullable Object> plain(Map<?, ?> object, String file) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        object.forEach((key, value) -> out.put(String.valueOf(key), plain(value, file, 0)));
        return out;
    }

    private static @Nullable Object plain(@Nullable Object value, String file, int depth) {
        if (depth > MAX_DEPTH) throw new KerasFileException(file, "root", "is nested too deeply");
        return switch (value) {
            case Map<?, ?> map
            when map.get("items") instanceof List<?> items
                    && ("__tuple__".equals(map.get("class_name")) || "TensorShape".equals(map.get("class_name"))) ->
                plain(items, file, depth + 1);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((key, inner) -> {
                    if (!key.equals("shared_object_id")) out.put(String.valueOf(key), plain(inner, file, depth + 1));
                });
                yield out;
            }
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object inner : list) out.add(plain(inner, file, depth + 1));
                yield out;
            }
            case null, default -> value;
        };
    }

    /**
     * Returns the model's class and config in the form of Keras 2.
     *
     * @throws KerasFileException if it was a class of the user's, or has layers without a config; all are named
     */
    public Map<String, @Nullable Object> model() {
        String className = String.valueOf(root.get("class_name"));
        if (!(root.get("config") instanceof Map<?, ?> config) || !(config.get("layers") instanceof List<?>))
            throw new KerasFileException(
                    file,
                    "root",
                    "holds the model \"" + root.get("name") + "\" of class " + className
                            + ", whose layers are put together by Python code that is not in the file; make the model"
                            + " and load the weights with loadWeights");
        List<String> without = new ArrayList<>();
        withoutConfig(config, without);
        if (!without.isEmpty())
            throw new KerasFileException(
                    file, "root", "holds layers that were saved without a config: " + String.join(", ", without));
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        config.forEach((key, value) -> copy.put(String.valueOf(key), value));
        copy.putIfAbsent("build_input_shape", root.get("build_input_shape"));
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        // a class that extends a model and keeps its config is that model, as in TensorFlow
        model.put("class_name", config.containsKey("input_layers") ? "Functional" : "Sequential");
        model.put("config", copy);
        return model;
    }

    private static void withoutConfig(@Nullable Object value, List<String> found) {
        switch (value) {
            case Map<?, ?> map -> {
                if (map.get("config") instanceof Map<?, ?> config && Boolean.TRUE.equals(config.get(NO_CONFIG)))
                    found.add(map.get("class_name") + (map.get("name") == null ? "" : " \"" + map.get("name") + "\""));
                map.values().forEach(inner -> withoutConfig(inner, found));
            }
            case List<?> list -> list.forEach(inner -> withoutConfig(inner, found));
            case null, default -> {}
        }
    }

    /** Returns what errors call the file. */
    public String file() {
        return file;
    }

    /** Returns the version of Keras that saved the model. */
    public String kerasVersion() {
        return root.get("keras_version") instanceof String version ? version : "2";
    }

    /** Returns how the model was compiled, in Keras 2's form; null if it was not. */
    public @Nullable Map<String, @Nullable Object> training() {
        if (!(root.get("training_config") instanceof Map<?, ?> training)) return null;
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        training.forEach((key, value) -> out.put(String.valueOf(key), value));
        return out;
    }
}

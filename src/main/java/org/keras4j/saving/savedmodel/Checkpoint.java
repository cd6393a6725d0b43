package org.keras4j.saving.savedmodel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Layer;

/** A checkpoint of TensorFlow: {@code PREFIX.index} with {@code PREFIX.data-00000-of-00001}, and maybe more data. */
public final class Checkpoint {
    private static final String INDEX = ".index";
    private static final String GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";
    private static final String STATE = "checkpoint";
    private static final String LATEST = "model_checkpoint_path:";
    private static final long MAX_STATE = 1 << 24;

    private Checkpoint() {}

    /**
     * Returns the prefix of the checkpoint that {@code path} means, or null if it means none: a prefix, the index, a
     * folder with a file {@code checkpoint} that names the latest, or a SavedModel.
     *
     * @throws KerasFileException if the file {@code checkpoint} of a folder cannot be read or names nothing
     */
    public static @Nullable Path find(Path path) {
        if (Files.isDirectory(path)) {
            Path inModel = path.resolve(SavedModel.VARIABLES);
            if (hasIndex(inModel)) return inModel;
            if (Files.isRegularFile(path.resolve(STATE))) return latest(path);
            return path.getFileName() != null && hasIndex(path) ? path : null;
        }
        Path name = path.getFileName();
        if (name == null || name.toString().isEmpty()) return null;
        // a file of that very name is what is meant, whatever lies beside it
        if (hasIndex(path) && !Files.isRegularFile(path)) return path;
        String text = name.toString();
        if (!text.endsWith(INDEX) || text.equals(INDEX) || !Files.exists(path)) return null;
        return path.resolveSibling(text.substring(0, text.length() - INDEX.length()));
    }

    private static boolean hasIndex(Path prefix) {
        return Files.isRegularFile(prefix.resolveSibling(prefix.getFileName() + INDEX));
    }

    /** The file may name a folder that the checkpoint has left since; it lies beside, whatever the folder. */
    private static Path latest(Path folder) {
        Path state = folder.resolve(STATE);
        try {
            if (Files.size(state) > MAX_STATE)
                throw new KerasFileException(state.toString(), "", "expected a short text, got a large file");
            for (String line : Files.readAllLines(state)) {
                if (!line.startsWith(LATEST)) continue;
                String name = line.substring(LATEST.length()).strip().replace("\"", "");
                Path prefix =
                        folder.resolve(name.substring(name.replace('\\', '/').lastIndexOf('/') + 1));
                if (!prefix.equals(folder) && hasIndex(prefix)) return prefix;
                throw new KerasFileException(state.toString(), LATEST, "names " + name + ", which is not beside it");
            }
        } catch (IOException e) {
            throw new KerasFileException(state.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
        throw new KerasFileException(state.toString(), "", "expected a line " + LATEST);
    }

    /**
     * Loads the weights into a model that is built; if anything does not fit, nothing changes and all of it is told.
     *
     * @param prefix what {@link #find} found
     * @param config the config that the model was made from, whose order of layers the checkpoint has; null if unknown
     * @param skipMismatch whether layers that do not fit keep their weights
     */
    public static void load(Path prefix, Layer model, @Nullable Map<?, ?> config, boolean skipMismatch) {
        TensorBundle bundle = TensorBundle.open(prefix);
        if (!bundle.has(GRAPH))
            throw new KerasFileException(
                    bundle.name(),
                    "",
                    "is a checkpoint of TensorFlow 1, which names variables and no layers; in Python, load it and save"
                            + " the weights as .weights.h5");
        ObjectGraph graph = ObjectGraph.parse(bundle.readString(GRAPH), bundle.name(), GRAPH);
        var weights = new CheckpointWeights(bundle);
        ObjectGraph.Node root = graph.root();
        // tf.train.Checkpoint(model=model) has the model inside
        ObjectGraph.Node inside = root.child("model");
        boolean isInside = inside != null && !model.children().containsKey("model");
        weights.collect(model, inside != null && isInside ? inside : root, config);
        weights.assign(skipMismatch);
    }
}

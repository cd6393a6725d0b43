package org.keras4j.saving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Group;
import org.keras4j.saving.legacy.LegacyConfig;
import org.keras4j.saving.legacy.LegacyWeights;

/** The weights in an {@code .h5} file: a list of arrays for each layer of the model. */
final class LegacyWeightsFile {
    private static final System.Logger LOG = System.getLogger(LegacyWeightsFile.class.getName());
    private static final String TOP_LEVEL = "top_level_model_weights";

    private final Hdf5File file;
    private final Hdf5Group group;
    private final LegacyWeights.Origin origin;
    private final Map<Variable, NDArray> values = new IdentityHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** The arrays of a layer in the file's order, and their names, none in files that number them. */
    private record Stored(List<String> names, List<NDArray> arrays) {}

    /**
     * Takes an opened file.
     *
     * @param legacyBackend who computed the weights, where the file does not say
     */
    LegacyWeightsFile(Hdf5File file, @Nullable String legacyBackend) {
        this.file = file;
        Hdf5Group inner = file.root().findGroup(LegacyH5.MODEL_WEIGHTS);
        this.group = inner == null ? file.root() : inner;
        String backend = group.attributes().string("backend");
        if (backend == null) backend = file.root().attributes().string("backend");
        boolean keras1 = LegacyConfig.majorOf(LegacyH5.version(file.root())) == 1;
        if (backend == null) backend = legacyBackend;
        if (backend == null && keras1) backend = backendByNames();
        this.origin = new LegacyWeights.Origin(keras1, backend);
    }

    /** Guesses who computed by the names of the weights: TensorFlow's variables end in the number of an output. */
    private @Nullable String backendByNames() {
        List<String> layers = group.attributes().strings("layer_names");
        if (layers == null) return null;
        for (String layer : layers) {
            Hdf5Group inner = group.findGroup(layer);
            List<String> names = inner == null ? null : inner.attributes().strings("weight_names");
            if (names != null && !names.isEmpty()) return names.getFirst().endsWith(":0") ? "tensorflow" : "theano";
        }
        return null;
    }

    /** Loads into the layers of {@code model}; if anything does not fit, nothing changes and all of it is told. */
    void load(Layer model, boolean skipMismatch) {
        Map<String, Stored> stored = read();
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : model.layers()) if (!layer.weights().isEmpty()) layers.add(layer);
        List<String> names = names(layers, stored);
        for (int i = 0; i < layers.size(); i++)
            prepare(layers.get(i), names.get(i), Objects.requireNonNull(stored.get(names.get(i))));
        topLevel(model);
        if (!problems.isEmpty() && !skipMismatch)
            throw new KerasFileException(
                    file.name(), "", "the weights do not fit the model:\n  " + String.join("\n  ", problems));
        for (String problem : problems) LOG.log(System.Logger.Level.WARNING, "{0}: {1}; skipped", file.name(), problem);
        values.forEach(Variable::assign);
    }

    /** Returns the arrays of every layer that has any, in the file's order. */
    private Map<String, Stored> read() {
        Map<String, Stored> stored = new LinkedHashMap<>();
        List<String> names = group.attributes().strings("layer_names");
        if (names == null) return readNumbered();
        for (String name : names) {
            Stored layer = stored(group.group(name));
            if (!layer.arrays.isEmpty()) stored.put(name, layer);
        }
        return stored;
    }

    private static Stored stored(Hdf5Group layer) {
        List<String> names = layer.attributes().strings("weight_names");
        if (names == null) return new Stored(List.of(), List.of());
        List<NDArray> arrays = new ArrayList<>();
        for (String name : names) arrays.add(layer.dataset(name).read().toNDArray());
        return new Stored(names, arrays);
    }

    /** Before Keras 1.0 layers and weights went by number. */
    private Map<String, Stored> readNumbered() {
        Long count = group.attributes().integer("nb_layers");
        if (count == null) throw new KerasFileException(file.name(), group.path(), "expected layer_names");
        Map<String, Stored> stored = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Hdf5Group layer = group.group("layer_" + i);
            Long params = layer.attributes().integer("nb_params");
            List<NDArray> arrays = new ArrayList<>();
            for (int p = 0; p < (params == null ? 0 : params); p++)
                arrays.add(layer.dataset("param_" + p).read().toNDArray());
            if (!arrays.isEmpty()) stored.put("layer_" + i, new Stored(List.of(), arrays));
        }
        return stored;
    }

    /** Returns the file's name for each layer: the same where the file knows all of them, else one after the other. */
    private List<String> names(List<Layer> layers, Map<String, Stored> stored) {
        List<String> own = layers.stream().map(Layer::name).toList();
        if (stored.keySet().containsAll(own) && own.size() == stored.size()) return own;
        if (own.size() == stored.size()) return List.copyOf(stored.keySet());
        throw new KerasFileException(
                file.name(),
                group.path(),
                "the model has " + own.size() + " layers with weights " + own + ", the file " + stored.size() + " "
                        + stored.keySet());
    }

    private void prepare(Layer layer, String name, Stored stored) {
        List<NDArray> adapted = LegacyWeights.adapt(layer, ordered(layer, stored), origin);
        List<Variable> order = LegacyWeights.order(layer);
        String who = layer.describe() + (name.equals(layer.name()) ? "" : " from \"" + name + "\"");
        if (adapted.size() != order.size()) {
            problems.add(who + " has " + order.size() + " weights, the file " + adapted.size());
            return;
        }
        Map<Variable, NDArray> fitting = new HashMap<>();
        for (int i = 0; i < adapted.size(); i++) {
            Variable variable = order.get(i);
            if (!adapted.get(i).shape().equals(variable.shape())) {
                problems.add(who + ": expected " + variable.name() + " of shape " + variable.shape() + ", got "
                        + adapted.get(i).shape());
                return;
            }
            fitting.put(variable, adapted.get(i).cast(variable.dtype()));
        }
        values.putAll(fitting);
    }

    /**
     * Returns the arrays in the order of a layer that is made quantized to floats of 8 bits: its scales come first, while
     * those of one that was quantized later were written last.
     */
    private static List<NDArray> ordered(Layer layer, Stored stored) {
        String quantization = layer.dtypePolicy().quantization();
        if (!"float8".equals(quantization) || stored.names.size() != stored.arrays.size()) return stored.arrays;
        Map<String, NDArray> byName = new HashMap<>();
        for (int i = 0; i < stored.names.size(); i++) {
            String path = stored.names.get(i);
            byName.put(path.substring(path.lastIndexOf('/') + 1), stored.arrays.get(i));
        }
        List<NDArray> ordered = new ArrayList<>();
        for (Variable variable : LegacyWeights.order(layer)) {
            NDArray array = byName.get(variable.name());
            if (array != null) ordered.add(array);
        }
        return ordered.size() == stored.arrays.size() ? ordered : stored.arrays;
    }

    private void topLevel(Layer model) {
        Hdf5Group top = group.findGroup(TOP_LEVEL);
        List<Variable> own = model.ownWeights();
        @Nullable List<NDArray> arrays = top == null ? null : stored(top).arrays;
        if (arrays == null || (arrays.isEmpty() && own.isEmpty())) return;
        if (arrays.size() != own.size()) {
            problems.add(model.describe() + " itself has " + own.size() + " weights, the file " + arrays.size());
            return;
        }
        for (int i = 0; i < own.size(); i++) {
            if (arrays.get(i).shape().equals(own.get(i).shape()))
                values.put(own.get(i), arrays.get(i).cast(own.get(i).dtype()));
            else problems.add(own.get(i) + ": got " + arrays.get(i).shape());
        }
    }
}

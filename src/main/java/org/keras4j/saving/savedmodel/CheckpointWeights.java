package org.keras4j.saving.savedmodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.saving.legacy.LegacyWeights;
import org.keras4j.serialization.Saveable;

/**
 * Brings together the variables of a model and those of a checkpoint: layers of a model by their number among those
 * with weights, what is inside a layer, and variables, by attribute.
 */
final class CheckpointWeights {
    private static final System.Logger LOG = System.getLogger(CheckpointWeights.class.getName());
    private static final String LAYER = "layer_with_weights-";
    private static final Set<String> MODELS = Set.of("Functional", "Sequential"); // those that number their layers

    private final TensorBundle bundle;
    private final Map<Variable, String> keys = new IdentityHashMap<>();
    private final Map<Object, Boolean> visited = new IdentityHashMap<>();
    private final Set<Saveable> found = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    CheckpointWeights(TensorBundle bundle) {
        this.bundle = bundle;
    }

    /** Finds the keys of all variables of a layer or model; {@code config} is that of a model, if it is known. */
    void collect(Layer layer, ObjectGraph.Node node, @Nullable Map<?, ?> config) {
        if (visited.put(layer, true) != null) return;
        boolean isModel = MODELS.contains(layer.className());
        int before = problems.size();
        for (Variable variable : layer.ownWeights()) {
            String key = key(layer, variable, node);
            if (key == null) problems.add(layer.describe() + ": the file has no " + variable.name());
            else offer(layer, variable, key);
        }
        if (isModel) layersOf(layer, node, config);
        else layer.children().forEach((attribute, child) -> inside(layer, attribute, child, node));
        found.add(layer);
        boolean failed = problems.size() > before;
        if (failed && !isModel && inOrder(layer, node))
            problems.subList(before, problems.size()).clear();
    }

    private void layersOf(Layer model, ObjectGraph.Node node, @Nullable Map<?, ?> config) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : model.layers()) if (!layer.weights().isEmpty()) layers.add(layer);
        List<?> configs = config != null && config.get("layers") instanceof List<?> list ? list : List.of();
        List<String> names = configs.stream().map(CheckpointWeights::name).toList();
        // the file counts in its own order, which need not be the one that the layers were sorted into here
        if (layers.stream().allMatch(layer -> names.contains(layer.name())))
            layers.sort((a, b) -> Integer.compare(names.indexOf(a.name()), names.indexOf(b.name())));
        List<ObjectGraph.Node> nodes = node.numbered(LAYER);
        if (nodes.size() != layers.size()) {
            problems.add(model.describe() + " has " + layers.size() + " layers with weights "
                    + layers.stream().map(Layer::name).toList() + ", the file " + nodes.size());
            return;
        }
        for (int i = 0; i < layers.size(); i++) {
            int at = names.indexOf(layers.get(i).name());
            Object inner = at >= 0 && configs.get(at) instanceof Map<?, ?> map ? map.get("config") : null;
            collect(layers.get(i), nodes.get(i), inner instanceof Map<?, ?> map ? map : null);
        }
    }

    private static String name(@Nullable Object layer) {
        if (!(layer instanceof Map<?, ?> map)) return "";
        Object inConfig = map.get("config") instanceof Map<?, ?> config ? config.get("name") : null;
        return String.valueOf(inConfig == null ? map.get("name") : inConfig);
    }

    private void inside(Layer owner, String attribute, @Nullable Object child, ObjectGraph.Node node) {
        if (child instanceof Optimizer || !hasWeights(child)) return;
        ObjectGraph.Node at = child(node, attribute);
        if (at == null) {
            problems.add(owner.describe() + ": the file has no " + attribute);
            return;
        }
        switch (child) {
            case Layer layer -> collect(layer, at, null);
            case Collection<?> list -> {
                int i = 0;
                for (Object member : list) inside(owner, Integer.toString(i++), member, at);
            }
            case Map<?, ?> map -> map.forEach((key, member) -> inside(owner, String.valueOf(key), member, at));
            case null, default -> {} // a plain value, which has no weights
        }
    }

    private static boolean hasWeights(@Nullable Object child) {
        return switch (child) {
            case Layer layer -> !layer.weights().isEmpty();
            case Collection<?> list -> list.stream().anyMatch(CheckpointWeights::hasWeights);
            case Map<?, ?> map -> hasWeights(map.values());
            case null, default -> false;
        };
    }

    /** Attributes became private, or public, from one version to the next. */
    private static ObjectGraph.@Nullable Node child(ObjectGraph.Node node, String attribute) {
        ObjectGraph.Node child = node.child(attribute);
        if (child != null) return child;
        return node.child(attribute.startsWith("_") ? attribute.substring(1) : "_" + attribute);
    }

    private static @Nullable String key(Layer layer, Variable variable, ObjectGraph.Node node) {
        for (String attribute : attributes(layer, variable.name())) {
            ObjectGraph.Node child = child(node, attribute);
            if (child != null && child.key() != null) return child.key();
        }
        return null;
    }

    /** Returns what tf.keras may have called the attribute of a variable. */
    private static List<String> attributes(Layer layer, String name) {
        return switch (layer.className()) {
            case "DepthwiseConv1D", "DepthwiseConv2D" ->
                name.equals("kernel") ? List.of("depthwise_kernel") : List.of(name);
            case "Normalization" -> List.of("adapt_" + name, name);
            case "SpectralNormalization" -> name.equals("vector_u") ? List.of("vector_u", "u") : List.of(name);
            default -> List.of(name);
        };
    }

    /**
     * Takes the variables of a layer in order, for a layer whose attributes go by other names here: a SavedModel lists
     * them.
     */
    private boolean inOrder(Layer layer, ObjectGraph.Node node) {
        ObjectGraph.Node list = node.child("variables");
        List<Variable> order = LegacyWeights.order(layer);
        if (list == null) return false;
        List<ObjectGraph.Node> stored = list.numbered("");
        if (stored.size() != order.size()) return false;
        for (int i = 0; i < order.size(); i++) {
            String key = stored.get(i).key();
            if (key == null || !fits(order.get(i), key)) return false;
            keys.put(order.get(i), key);
        }
        return true;
    }

    private void offer(Layer layer, Variable variable, String key) {
        if (fits(variable, key)) keys.put(variable, key);
        else
            problems.add(layer.describe() + ": expected " + variable.name() + " of shape " + variable.shape() + ", got "
                    + Arrays.toString(bundle.shape(key)));
    }

    private boolean fits(Variable variable, String key) {
        return Arrays.equals(variable.shape().dims(), bundle.shape(key));
    }

    /**
     * Gives the variables their values, all or none.
     *
     * @param skipMismatch whether what does not fit is left as it is
     */
    void assign(boolean skipMismatch) {
        if (!problems.isEmpty() && !skipMismatch)
            throw new KerasFileException(
                    bundle.name(), "", "the weights do not fit the model:\n  " + String.join("\n  ", problems));
        for (String problem : problems)
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}; skipped", bundle.name(), problem);
        Map<Variable, NDArray> values = new IdentityHashMap<>();
        keys.forEach((variable, key) -> values.put(variable, bundle.read(key).cast(variable.dtype())));
        values.forEach(Variable::assign);
        found.forEach(Saveable::stateLoaded);
    }
}

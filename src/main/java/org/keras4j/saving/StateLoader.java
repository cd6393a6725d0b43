package org.keras4j.saving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.saving.hdf5.Hdf5Dataset;
import org.keras4j.serialization.Saveable;

/** Loads stored weights into an object and all in it: everything is read and compared before anything changes. */
final class StateLoader {
    private static final System.Logger LOG = System.getLogger(StateLoader.class.getName());

    private final StoredWeights weights;
    private final boolean skipMismatch;
    private final Map<Variable, NDArray> values = new IdentityHashMap<>();
    private final List<Saveable> loaded = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private StateLoader(StoredWeights weights, boolean skipMismatch) {
        this.weights = weights;
        this.skipMismatch = skipMismatch;
    }

    /**
     * Loads all variables.
     *
     * @param forgiving objects whose state may be missing or different, which keep theirs then: an optimizer, which
     *     starts afresh
     * @param skipMismatch whether every object is forgiving
     * @throws KerasFileException that lists all objects whose variables differ; then nothing has changed
     */
    static void load(Saveable root, StoredWeights weights, Predicate<Saveable> forgiving, boolean skipMismatch) {
        var loader = new StateLoader(weights, skipMismatch);
        for (StateTree.Entry entry : StateTree.of(root, weights.countsWeightedTwice()))
            loader.prepare(entry, forgiving.test(entry.object()));
        loader.apply();
    }

    /** Says whether the object may start afresh when its state is missing, as Keras allows it for optimizers. */
    static boolean isOptimizer(Saveable object) {
        return object instanceof Optimizer;
    }

    private void prepare(StateTree.Entry entry, boolean forgiving) {
        Map<String, Variable> variables = entry.object().storedVariables();
        Map<String, Hdf5Dataset> stored = stored(entry, variables);
        String problem = mismatch(entry.object(), variables, stored == null ? Map.of() : stored);
        if (problem != null) {
            String place = entry.path().isEmpty() ? "/" : entry.path();
            if (forgiving || skipMismatch)
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}: {2}; left as it was", weights.name(), place, problem);
            else problems.add(place + ": " + problem);
            return;
        }
        if (stored == null) return;
        loaded.add(entry.object());
        // read even what a damaged file makes unreadable, so that it fails before anything is assigned
        variables.forEach((key, variable) -> values.put(
                variable,
                Objects.requireNonNull(stored.get(key)).read().toNDArray().cast(variable.dtype())));
    }

    private @Nullable Map<String, Hdf5Dataset> stored(StateTree.Entry entry, Map<String, Variable> variables) {
        Map<String, Hdf5Dataset> stored = weights.at(entry.path());
        if (stored == null) return null;
        boolean keras2 = isOptimizer(entry.object()) && stored.size() == variables.size() - 1;
        return keras2 ? withoutLearningRate(stored, variables) : stored;
    }

    /** In Keras 2 the learning rate was no variable; what came after the iteration moves up, the rate stays. */
    private static Map<String, Hdf5Dataset> withoutLearningRate(
            Map<String, Hdf5Dataset> stored, Map<String, Variable> variables) {
        Map<String, Hdf5Dataset> moved = new LinkedHashMap<>();
        stored.forEach((key, dataset) -> moved.put(key.equals("0") ? key : "" + (Integer.parseInt(key) + 1), dataset));
        variables.remove("1");
        return moved;
    }

    private static @Nullable String mismatch(
            Saveable object, Map<String, Variable> variables, Map<String, Hdf5Dataset> stored) {
        String who = object.className() + " \"" + object.name() + "\"";
        if (variables.size() != stored.size())
            return who + " has " + variables.size() + " variables, the file " + stored.size()
                    + (variables.isEmpty() && !object.built() ? "; the object was never built" : "");
        for (Map.Entry<String, Variable> entry : variables.entrySet()) {
            Hdf5Dataset dataset = stored.get(entry.getKey());
            if (dataset == null) return who + " has a variable " + entry.getKey() + ", the file has " + stored.keySet();
            int[] expected = entry.getValue().shape().dims();
            if (!Arrays.equals(expected, dataset.shape()))
                return who + ": expected " + entry.getValue().name() + " of shape " + Arrays.toString(expected)
                        + ", got " + Arrays.toString(dataset.shape());
        }
        return null;
    }

    private void apply() {
        if (!problems.isEmpty()) {
            int shown = Math.min(problems.size(), 20);
            String more = problems.size() > shown ? "\n  and " + (problems.size() - shown) + " more" : "";
            throw new KerasFileException(
                    weights.name(),
                    "",
                    "the weights do not fit the model:\n  " + String.join("\n  ", problems.subList(0, shown)) + more);
        }
        values.forEach(Variable::assign);
        loaded.forEach(Saveable::stateLoaded);
    }
}

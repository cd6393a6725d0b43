package org.keras4j.saving;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Variable;
import org.keras4j.saving.hdf5.ElementType;
import org.keras4j.saving.hdf5.GroupWriter;
import org.keras4j.saving.hdf5.Hdf5Dataset;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Group;
import org.keras4j.saving.hdf5.Hdf5Writer;
import org.keras4j.saving.hdf5.HostArray;
import org.keras4j.serialization.Saveable;

/** One HDF5 file of weights in Keras 3's form: a group {@code vars} for each object, the variables numbered in it. */
final class WeightsFile implements StoredWeights {
    static final String VARS = "vars";
    // what Keras 2.12 and 2.13 called the first step of the path
    private static final String LAYERS_2_12 = "_layer_checkpoint_dependencies";

    private final Hdf5File file;

    WeightsFile(Hdf5File file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public @Nullable Map<String, Hdf5Dataset> at(String path) {
        Hdf5Group group = group(path);
        if (group == null && file.root().has(LAYERS_2_12)) group = group(path.replace("layers", LAYERS_2_12));
        if (group == null) return null;
        Map<String, Hdf5Dataset> datasets = new LinkedHashMap<>();
        for (Hdf5Dataset dataset : group.datasets()) datasets.put(dataset.name(), dataset);
        return datasets;
    }

    @Override
    public boolean countsWeightedTwice() {
        return file.root().has(LAYERS_2_12);
    }

    private @Nullable Hdf5Group group(String path) {
        return file.root().findGroup(path.isEmpty() ? VARS : path + "/" + VARS);
    }

    @Override
    public void close() {
        file.close();
    }

    /** Describes the file that holds the state of {@code root} and of all in it. */
    static Hdf5Writer of(Saveable root) {
        var writer = new Hdf5Writer();
        for (StateTree.Entry entry : StateTree.of(root)) {
            String path = entry.path().isEmpty() ? VARS : entry.path() + "/" + VARS;
            GroupWriter group = writer.root().group(path);
            group.attribute("name", entry.object().name());
            Saveable object = entry.object();
            object.storedVariables()
                    .forEach((key, variable) ->
                            dataset(group, key, variable, () -> HostArray.of(object.storedValue(variable))));
        }
        return writer;
    }

    static void dataset(GroupWriter group, String name, Variable variable, Supplier<HostArray> value) {
        ElementType type = ElementType.of(variable.dtype().keras());
        if (type == null) throw new IllegalArgumentException(variable + ": files hold no such dtype");
        group.dataset(name, type, variable.shape().dims(), value);
    }
}

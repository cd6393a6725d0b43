package org.keras4j.saving;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.saving.archive.AtomicFile;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.hdf5.GroupWriter;
import org.keras4j.saving.hdf5.Hdf5Writer;
import org.keras4j.saving.hdf5.HostArray;
import org.keras4j.saving.legacy.LegacyWeights;

/** Writes the {@code .h5} files that Keras 3 still writes. */
final class LegacyH5Writer {
    private static final String BACKEND = "keras4j";

    private LegacyH5Writer() {}

    static void write(Layer model, Path path) {
        var writer = new Hdf5Writer();
        GroupWriter root = writer.root();
        Map<?, ?> config = Objects.requireNonNull((Map<?, ?>) new Serializer().serialize(model));
        root.attribute("keras_version", KerasArchive.KERAS_VERSION);
        root.attribute("backend", BACKEND);
        root.asciiAttribute("model_config", Json.write(LegacyH5.stripped(config)));
        if (config.get("compile_config") instanceof Map<?, ?> compile && !compile.isEmpty())
            root.asciiAttribute("training_config", Json.write(training(compile)));
        weights(model, root.group(LegacyH5.MODEL_WEIGHTS));
        if (model.children().get("optimizer") instanceof Optimizer optimizer)
            group(root.group("optimizer_weights"), optimizer.variables());
        AtomicFile.write(path, writer::writeTo);
    }

    private static Map<String, @Nullable Object> training(Map<?, ?> compile) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        compile.forEach((key, value) -> {
            if (!key.equals("optimizer")) out.put(String.valueOf(key), value);
        });
        if (compile.get("optimizer") instanceof Map<?, ?> optimizer) {
            Map<String, @Nullable Object> bare = new LinkedHashMap<>();
            bare.put("class_name", optimizer.get("class_name"));
            bare.put("config", optimizer.get("config"));
            out.put("optimizer_config", bare);
        }
        return out;
    }

    private static void weights(Layer model, GroupWriter group) {
        group.stringsAttribute(
                "layer_names", model.layers().stream().map(Layer::name).toList());
        group.asciiAttribute("backend", BACKEND);
        group.asciiAttribute("keras_version", KerasArchive.KERAS_VERSION);
        for (Layer layer : model.layers()) group(group.group(layer.name()), LegacyWeights.order(layer));
        group(group.group("top_level_model_weights"), model.ownWeights());
    }

    private static void group(GroupWriter group, List<Variable> variables) {
        List<String> names = new ArrayList<>();
        Map<String, Integer> used = new HashMap<>();
        for (Variable variable : variables) {
            int count = used.merge(variable.path(), 1, Integer::sum);
            String name = count == 1 ? variable.path() : variable.path() + "_" + count;
            names.add(name);
            WeightsFile.dataset(group, name, variable, () -> HostArray.of(variable.numpy()));
        }
        group.stringsAttribute("weight_names", names);
    }
}

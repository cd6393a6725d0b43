package org.keras4j.cli.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.StringArray;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import org.keras4j.saving.archive.Json;
import org.keras4j.utils.Npy;

/** Model files: loads them, predicts recorded inputs, and for trainings makes the recorded steps. */
final class FileCases {
    private final Path folder;
    private final Map<String, Object> info;

    FileCases(Path folder) throws IOException {
        this.folder = folder;
        info = Json.parseObject(Files.readString(folder.resolve("info.json")), "info.json", "");
    }

    /** Returns a name for each way in which the folder holds the model. */
    List<String> containers() {
        List<String> found = new ArrayList<>();
        if (exists("losses.npy")) return List.of("train");
        if (exists("weights_manifest.json")) return List.of("rule");
        for (String file : List.of("model.keras", "model.h5", "model.hdf5")) if (exists(file)) found.add(file);
        if (exists("model.json")) found.add("model.json");
        if (exists("model.yaml")) found.add("model.yaml");
        return found;
    }

    private boolean exists(String file) {
        return Files.exists(folder.resolve(file));
    }

    /** Returns the class that totals count the case under. */
    String className() {
        return folder.getParent() == null
                ? "files"
                : String.valueOf(folder.getParent().getFileName());
    }

    void run(String container) throws IOException {
        try {
            replay(container);
        } catch (KerasFileException e) {
            // Classes of the file's author, Python functions, and classes that this library does not have yet.
            if (!isReport(e)) throw e;
            throw new SkipException(
                    String.valueOf(e.getMessage()).replaceAll("(?s).*?not known here", "not known here"));
        }
    }

    private static boolean isReport(RuntimeException e) {
        return e.getMessage() != null && e.getMessage().contains("not known here");
    }

    private void replay(String container) throws IOException {
        switch (container) {
            case "train" -> train();
            case "rule" -> byRule();
            case "model.yaml", "model.json" -> predict(fromText(container));
            default -> load(container);
        }
    }

    /** A file with classes that nobody but its author has is to be refused with a report that names them. */
    private void load(String container) throws IOException {
        if (!String.valueOf(folder.getFileName()).contains("_x_")) {
            predict(Models.loadModel(folder.resolve(container), o -> o.compile(false)));
            return;
        }
        try {
            Models.loadModel(folder.resolve(container), o -> o.compile(false));
        } catch (RuntimeException e) {
            if (isReport(e)) return;
            throw new MismatchException("expected a report of unknown classes, got " + e);
        }
        throw new MismatchException("expected a report of unknown classes, got a model");
    }

    private Model fromText(String container) throws IOException {
        String text = Files.readString(folder.resolve(container));
        Model model = container.endsWith(".json") ? Models.modelFromJson(text) : Models.modelFromYaml(text);
        Path weights = folder.resolve(exists("model.weights.h5") ? "model.weights.h5" : "weights.h5");
        if (Files.exists(weights)) model.loadWeights(weights);
        return model;
    }

    private Tolerance tolerance(Model model) {
        String policies = model.flattenLayers().stream()
                .map(l -> l.dtypePolicy().name())
                .toList()
                .toString();
        boolean app = exists("weights_manifest.json");
        if (policies.contains("bfloat16")) return new Tolerance(0, 1e-5, 5e-2);
        if (policies.contains("float16") || policies.contains("int8")) return new Tolerance(0, 1e-5, 2e-2);
        return new Tolerance(0, app ? 0 : 1e-5, 1e-4);
    }

    private void predict(Model model) throws IOException {
        List<NDArray> got = model.predictOnBatch(inputs(model));
        compare(model, got, "output_");
        if (exists("second_output_0.npy")) compare(model, model.predictOnBatch(inputs(model)), "second_output_");
    }

    private void compare(Model model, List<NDArray> got, String prefix) throws IOException {
        int count = 0;
        while (exists(prefix + count + ".npy")) count++;
        if (count == 0) throw new SkipException("no expected output");
        if (got.size() != count) throw new MismatchException("expected " + count + " outputs, got " + got.size());
        for (int i = 0; i < count; i++) {
            NDArray want = Npy.read(folder.resolve(prefix + i + ".npy"));
            try {
                tolerance(model).check(prefix + i, want, got.get(i));
            } catch (MismatchException e) {
                // Keras 1 files do not say whether their kernels are Theano's: either reading may be accepted.
                Path other = folder.resolve("alt_legacy_noflip_" + prefix + i + ".npy");
                if (!Files.exists(other)
                        || !String.valueOf(info.get("keras_version")).startsWith("1")) throw e;
                tolerance(model).check(prefix + i, Npy.read(other), got.get(i));
            }
        }
    }

    private Object inputs(Model model) throws IOException {
        Map<String, Object> named = new LinkedHashMap<>();
        List<Object> list = new ArrayList<>();
        List<?> described = info.get("inputs") instanceof List<?> l ? l : List.of();
        for (int i = 0; exists("input_" + i + ".npy") || exists("input_" + i + ".json"); i++) {
            Object value = exists("input_" + i + ".npy")
                    ? Npy.read(folder.resolve("input_" + i + ".npy"))
                    : strings("input_" + i + ".json");
            list.add(value);
            if (i < described.size() && described.get(i) instanceof Map<?, ?> d && d.get("key") instanceof String key)
                named.put(key, value);
        }
        if (named.size() == list.size() && model.inputNames().containsAll(named.keySet())) return named;
        return list.size() == 1 ? list.getFirst() : list;
    }

    private StringArray strings(String file) throws IOException {
        return StringArray.of(Objects.requireNonNull(Json.parse(Files.readString(folder.resolve(file)), file, "")));
    }

    /** Fills the weights of a large model by the rule that {@code info.json} gives, in place of stored ones. */
    private void byRule() throws IOException {
        Model model = Models.modelFromJson(Files.readString(folder.resolve("model.json")));
        List<?> manifest =
                Json.parse(Files.readString(folder.resolve("weights_manifest.json")), "weights_manifest.json", "")
                                instanceof List<?> l
                        ? l
                        : List.of();
        List<Variable> weights = model.weights();
        if (manifest.size() != weights.size())
            throw new MismatchException("expected " + manifest.size() + " weights, got " + weights.size());
        List<Variable> depthwise = new ArrayList<>();
        for (Layer l : model.flattenLayers())
            for (Variable v : l.ownWeights())
                if (v.shape().rank() == 4
                        && (l.className().startsWith("Depthwise") || v.name().equals("depthwise_kernel")))
                    depthwise.add(v);
        long start = 0;
        for (Variable v : weights) {
            v.assign(WeightRule.fill(v, depthwise.contains(v), start));
            start += v.shape().size();
        }
        predict(model);
        if (!exists("probe_features.npy") || !(info.get("probe_layer") instanceof String probe)) return;
        int index = model.layers().indexOf(model.getLayer(probe));
        NDArray features = model.layers(index).predict(inputs(model));
        tolerance(model).check(probe, Npy.read(folder.resolve("probe_features.npy")), features);
    }

    private void train() throws IOException {
        Model model = Models.loadModel(folder.resolve("model_init.keras"));
        int steps = Objects.requireNonNull((Number) info.get("steps")).intValue();
        int size = Objects.requireNonNull((Number) info.get("batch_size")).intValue();
        List<NDArray> x = arrays("x");
        List<NDArray> y = arrays("y");
        List<NDArray> w = arrays("sample_weight");
        NDArray losses = Npy.read(folder.resolve("losses.npy"));
        int batches = x.getFirst().shape().dim(0) / size;
        for (int s = 0; s < steps; s++) {
            int from = s % batches * size;
            Map<String, Double> logs = model.trainOnBatch(
                    rows(x, from, size), rows(y, from, size), w.isEmpty() ? null : rows(w, from, size));
            new Tolerance(1e-3, 1e-6, 0)
                    .check(
                            "loss of step " + s,
                            NDArray.of((float) losses.get(s)),
                            NDArray.of(Objects.requireNonNull(logs.get("loss")).floatValue()));
        }
        List<NDArray> got = model.predictOnBatch(x.size() == 1 ? x.getFirst() : x);
        for (int i = 0; i < got.size() && exists("final_pred_" + i + ".npy"); i++)
            new Tolerance(1e-3, 1e-5, 1e-3)
                    .check("final prediction " + i, Npy.read(folder.resolve("final_pred_" + i + ".npy")), got.get(i));
        Model end = Models.loadModel(folder.resolve("model_init.keras"));
        end.loadWeights(folder.resolve("final.weights.h5"));
        for (int i = 0; i < end.weights().size(); i++)
            new Tolerance(1e-3, 1e-5, 1e-3)
                    .check(
                            end.weights().get(i).path(),
                            end.weights().get(i).numpy(),
                            model.weights().get(i).numpy());
    }

    private List<NDArray> arrays(String name) throws IOException {
        List<NDArray> all = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path p : files.sorted().toList()) {
                String file = String.valueOf(p.getFileName());
                boolean mine = name.equals("sample_weight")
                        ? file.contains("sample_weight")
                        : file.matches(name + "(_?\\d+)?\\.npy");
                if (mine && file.endsWith(".npy")) all.add(Npy.read(p));
            }
        }
        return all;
    }

    private static Object rows(List<NDArray> arrays, int from, int count) {
        List<NDArray> rows =
                arrays.stream().map(a -> a.rows(from, from + count)).toList();
        return rows.size() == 1 ? rows.getFirst() : rows;
    }
}

package org.keras4j.saving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.hdf5.Hdf5Dataset;
import org.keras4j.saving.hdf5.Hdf5File;

/** Weights over several files beside each other, with a {@code .weights.json} that says which group is in which. */
final class ShardedWeights implements StoredWeights {
    private final Path index;
    private final Map<String, List<String>> shards = new LinkedHashMap<>();
    private final Map<String, WeightsFile> open = new LinkedHashMap<>();

    private ShardedWeights(Path index) {
        this.index = index;
    }

    static ShardedWeights open(Path index) {
        var weights = new ShardedWeights(index);
        byte[] text;
        try {
            text = Files.readAllBytes(index);
        } catch (IOException e) {
            throw new KerasFileException(index.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
        Map<String, @Nullable Object> json = Json.parseObject(text, index.toString(), "");
        if (!(json.get("weight_map") instanceof Map<?, ?> map))
            throw new KerasFileException(index.toString(), "", "expected a weight_map, got " + json.keySet());
        map.forEach((group, files) -> weights.shards.put(String.valueOf(group), weights.files(files)));
        return weights;
    }

    private List<String> files(@Nullable Object value) {
        List<String> names = new ArrayList<>();
        for (Object name : value instanceof List<?> list ? list : List.of(String.valueOf(value))) {
            // a shard lies beside its index; a path could name any file of the machine
            if (!(name instanceof String file) || file.contains("/") || file.contains("\\") || file.startsWith("."))
                throw new KerasFileException(
                        index.toString(), "weight_map", "expected names of files beside, got " + name);
            names.add(file);
        }
        return names;
    }

    @Override
    public String name() {
        return index.toString();
    }

    @Override
    public @Nullable Map<String, Hdf5Dataset> at(String path) {
        List<String> files = shards.get(path.isEmpty() ? "/vars" : "/" + path + "/vars");
        if (files == null) return null;
        Map<String, Hdf5Dataset> all = new LinkedHashMap<>();
        for (String file : files) {
            Map<String, Hdf5Dataset> part = shard(file).at(path);
            if (part != null) all.putAll(part);
        }
        return all;
    }

    private WeightsFile shard(String file) {
        return open.computeIfAbsent(file, name -> new WeightsFile(Hdf5File.open(index.resolveSibling(name))));
    }

    @Override
    public void close() {
        open.values().forEach(WeightsFile::close);
    }
}

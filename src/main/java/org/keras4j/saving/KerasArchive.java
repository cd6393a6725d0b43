package org.keras4j.saving;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.saving.archive.AtomicFile;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.archive.ZipLimits;
import org.keras4j.saving.archive.ZipReader;
import org.keras4j.saving.archive.ZipWriter;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Writer;
import org.keras4j.serialization.Saveable;

/** Keras 3's {@code .keras} files: a zip of config, weights and assets. */
final class KerasArchive {
    static final String METADATA = "metadata.json";
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.weights.h5";
    static final String ASSETS = "assets/";
    /** The version of Keras whose format and behaviour this is. */
    static final String KERAS_VERSION = "3.15.1";

    private static final String WEIGHTS_NPZ = "model.weights.npz";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd'@'HH:mm:ss");
    // above this a member goes through a temporary file instead of the heap
    private static final long IN_MEMORY = 1L << 29;

    private KerasArchive() {}

    static void write(Saveable model, Path path) {
        Object config = new Serializer().serialize(model);
        Hdf5Writer weights = WeightsFile.of(model);
        LocalDateTime now = LocalDateTime.now();
        AtomicFile.write(path, channel -> {
            var zip = new ZipWriter(channel);
            zip.add(METADATA, ZipWriter.EPOCH, utf8(metadata(now)));
            zip.add(CONFIG, ZipWriter.EPOCH, utf8(Json.write(config)));
            zip.add(WEIGHTS, now, weights.size(), weights::writeTo);
            for (Map.Entry<String, byte[]> asset : assets(model).entrySet())
                zip.add(ASSETS + asset.getKey(), now, asset.getValue());
            zip.finish();
        });
    }

    static String metadata(LocalDateTime saved) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("keras_version", KERAS_VERSION);
        metadata.put("date_saved", DATE.format(saved));
        return Json.write(metadata);
    }

    /** Returns all files beside the weights by their path below {@code assets/}. */
    static Map<String, byte[]> assets(Saveable model) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        for (StateTree.Entry entry : StateTree.of(model)) {
            String prefix = entry.path().isEmpty() ? "" : entry.path() + "/";
            entry.object().assets().forEach((name, bytes) -> all.put(prefix + name, bytes));
        }
        return all;
    }

    static Saveable read(Path path, LoadOptions options) {
        String file = path.toString();
        try (ZipReader zip = ZipReader.open(path, ZipLimits.KERAS)) {
            if (!zip.has(WEIGHTS) && zip.has(WEIGHTS_NPZ))
                throw new KerasFileException(file, WEIGHTS_NPZ, "holds pickled Python objects, which are never run");
            Map<String, @Nullable Object> config = Json.parseObject(zip.read(CONFIG), file, CONFIG);
            Saveable model = ModelConfig.read(config, options, file, CONFIG);
            loadAssets(model, member -> zip.has(ASSETS + member) ? zip.read(ASSETS + member) : null, zip.names());
            withWeights(zip, file, weights -> StateLoader.load(model, weights, StateLoader::isOptimizer, false));
            return model;
        }
    }

    /** Loads only the weights of a {@code .keras} file. */
    static void readWeights(Path path, Saveable model, boolean skipMismatch) {
        try (ZipReader zip = ZipReader.open(path, ZipLimits.KERAS)) {
            withWeights(
                    zip,
                    path.toString(),
                    weights -> StateLoader.load(model, weights, StateLoader::isOptimizer, skipMismatch));
        }
    }

    private interface WeightsUser {
        void use(StoredWeights weights);
    }

    private static void withWeights(ZipReader zip, String file, WeightsUser user) {
        String name = file + ": " + WEIGHTS;
        if (zip.size(WEIGHTS) <= IN_MEMORY) {
            try (var weights = new WeightsFile(Hdf5File.open(zip.read(WEIGHTS), name))) {
                user.use(weights);
            }
            return;
        }
        Path extracted = zip.extract(WEIGHTS);
        try (var weights = new WeightsFile(Hdf5File.open(extracted))) {
            user.use(weights);
        } finally {
            try {
                Files.deleteIfExists(extracted);
            } catch (IOException e) {
                extracted.toFile().deleteOnExit(); // still mapped, where the system locks mapped files
            }
        }
    }

    /** Hands every object its own files: those directly in its folder. */
    static void loadAssets(Saveable model, Function<String, byte @Nullable []> read, Iterable<String> members) {
        for (StateTree.Entry entry : StateTree.of(model)) {
            String folder = entry.path().isEmpty() ? "" : entry.path() + "/";
            Map<String, byte[]> own = new LinkedHashMap<>();
            for (String member : members) {
                if (!member.startsWith(ASSETS + folder)) continue;
                String name = member.substring(ASSETS.length() + folder.length());
                byte[] bytes = name.isEmpty() || name.contains("/") ? null : read.apply(folder + name);
                if (bytes != null) own.put(name, bytes);
            }
            if (!own.isEmpty()) entry.object().loadAssets(own);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

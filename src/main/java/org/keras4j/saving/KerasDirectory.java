package org.keras4j.saving;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.saving.archive.Json;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.serialization.Saveable;

/** A {@code .keras} file unpacked into a directory, as {@code save_model(zipped=False)} leaves it. */
final class KerasDirectory {
    private static final int MAX_DEPTH = 64;

    private KerasDirectory() {}

    static boolean isOne(Path path) {
        return Files.isRegularFile(path.resolve(KerasArchive.CONFIG));
    }

    static Saveable read(Path directory, LoadOptions options) {
        String name = directory.toString();
        try {
            byte[] text = Files.readAllBytes(directory.resolve(KerasArchive.CONFIG));
            Map<String, @Nullable Object> config = Json.parseObject(text, name, KerasArchive.CONFIG);
            Saveable model = ModelConfig.read(config, options, name, KerasArchive.CONFIG);
            KerasArchive.loadAssets(model, member -> asset(directory, member), members(directory));
            try (var weights = new WeightsFile(Hdf5File.open(directory.resolve(KerasArchive.WEIGHTS)))) {
                StateLoader.load(model, weights, StateLoader::isOptimizer, false);
            }
            return model;
        } catch (IOException e) {
            throw new KerasFileException(name, "", "cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> members(Path directory) throws IOException {
        List<String> members = new ArrayList<>();
        Path assets = directory.resolve(KerasArchive.ASSETS);
        if (!Files.isDirectory(assets, LinkOption.NOFOLLOW_LINKS)) return members;
        try (Stream<Path> files = Files.walk(assets, MAX_DEPTH, new FileVisitOption[0])) {
            for (Path file : (Iterable<Path>) files::iterator)
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    members.add(directory.relativize(file).toString().replace('\\', '/'));
        }
        return members;
    }

    private static byte[] asset(Path directory, String member) {
        try {
            return Files.readAllBytes(directory.resolve(KerasArchive.ASSETS).resolve(member));
        } catch (IOException e) {
            throw new KerasFileException(directory.toString(), member, "cannot be read: " + e.getMessage(), e);
        }
    }
}

package org.keras4j.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where NVIDIA's libraries may lie.
 *
 * @param first the folders that somebody has named: the property {@code keras.cuda.path}, {@code java.library.path},
 *     {@code LD_LIBRARY_PATH}, {@code CUDA_PATH}
 * @param usual where the toolkit, pip and distributions put them
 */
record LibraryFolders(List<Path> first, List<Path> usual) {
    private static final List<String> IN_TOOLKIT = List.of("lib64", "lib", "targets/x86_64-linux/lib");

    static LibraryFolders find() {
        return find(System::getProperty, System::getenv, Path.of("/"));
    }

    /** Finds the folders that exist; properties and variables that are not set are null. */
    static LibraryFolders find(
            Function<String, @Nullable String> property, Function<String, @Nullable String> variable, Path root) {
        Set<Path> first = new LinkedHashSet<>();
        for (String name : List.of("keras.cuda.path", "java.library.path")) addPath(first, property.apply(name));
        addPath(first, variable.apply("LD_LIBRARY_PATH"));
        for (String name : List.of("CUDA_PATH", "CUDA_HOME")) {
            String toolkit = variable.apply(name);
            if (toolkit != null && !toolkit.isBlank())
                for (String lib : IN_TOOLKIT) addPath(first, toolkit.strip() + "/" + lib);
        }
        Set<Path> usual = new LinkedHashSet<>();
        for (String lib : IN_TOOLKIT) addMatches(usual, root, "usr/local/cuda/" + lib);
        for (String lib : IN_TOOLKIT) addMatches(usual, root, "usr/local/cuda-*/" + lib);
        for (String lib : IN_TOOLKIT) addMatches(usual, root, "opt/cuda/" + lib);
        for (String lib : List.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib/wsl/lib", "usr/local/nvidia/lib64"))
            addMatches(usual, root, lib);
        addPipFolders(usual, property, variable, root);
        first.removeIf(folder -> !Files.isDirectory(folder));
        return new LibraryFolders(List.copyOf(first), List.copyOf(usual));
    }

    /** Adds where {@code pip install nvidia-...} puts libraries: {@code site-packages/nvidia/NAME/lib}. */
    private static void addPipFolders(
            Set<Path> usual,
            Function<String, @Nullable String> property,
            Function<String, @Nullable String> variable,
            Path root) {
        List<Path> homes = new ArrayList<>();
        for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String home = variable.apply(name);
            if (home != null && !home.isBlank()) homes.add(Path.of(home.strip()));
        }
        String user = property.apply("user.home");
        if (user != null) homes.add(Path.of(user, ".local"));
        for (Path home : homes) addMatches(usual, home, "lib/python3*/*-packages/nvidia/*/lib");
        for (String prefix : List.of("usr/local", "usr", "opt/*", "opt"))
            addMatches(usual, root, prefix + "/lib/python3*/*-packages/nvidia/*/lib");
    }

    private static void addPath(Set<Path> to, @Nullable String path) {
        if (path == null) return;
        for (String part : path.split(File.pathSeparator)) {
            try {
                if (!part.isBlank()) to.add(Path.of(part.strip()));
            } catch (InvalidPathException e) {
                System.getLogger(LibraryFolders.class.getName()).log(System.Logger.Level.DEBUG, "No folder: {0}", part);
            }
        }
    }

    /** Adds the folders under {@code root} that {@code pattern} matches, whose parts may have asterisks. */
    private static void addMatches(Set<Path> to, Path root, String pattern) {
        int slash = pattern.indexOf('/');
        String head = slash < 0 ? pattern : pattern.substring(0, slash);
        String tail = slash < 0 ? "" : pattern.substring(slash + 1);
        if (!Files.isDirectory(root)) return;
        List<Path> matches = new ArrayList<>();
        if (head.contains("*")) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, head)) {
                for (Path entry : entries) matches.add(entry);
            } catch (IOException e) {
                return; // a folder that may not be read has nothing for us
            }
            matches.sort(null);
        } else matches.add(root.resolve(head));
        for (Path match : matches) {
            if (!Files.isDirectory(match)) continue;
            if (tail.isEmpty()) to.add(match);
            else addMatches(to, match, tail);
        }
    }
}

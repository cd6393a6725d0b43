package org.keras4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the compiled main classes of this module. */
final class LibraryClasses {
    private LibraryClasses() {}

    /** Returns every class of the library, other modules that share the class folder left out. */
    static List<Class<?>> all() {
        Path root = codeSource(Shape.class);
        try (Stream<Path> files = Files.walk(root.resolve("org/keras4j"))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> className(root.relativize(file)))
                    .filter(name -> !name.endsWith("package-info") && !ofOtherModule(name))
                    .<Class<?>>map(LibraryClasses::load)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the folder of this module, which holds {@code main} and {@code test}. */
    static Path moduleFolder() {
        return Files.isDirectory(Path.of("test/java")) ? Path.of("") : Path.of("src");
    }

    private static boolean ofOtherModule(String name) {
        return Stream.of("backend.cpu.", "backend.device.", "backend.opencl.", "backend.cuda.", "cli.", "perf.")
                .anyMatch(part -> name.startsWith("org.keras4j." + part));
    }

    private static String className(Path file) {
        String name = file.toString().replace('\\', '/').replace('/', '.');
        return name.substring(0, name.length() - ".class".length());
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, LibraryClasses.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError("A class file of this module does not load: " + name, e);
        }
    }

    private static Path codeSource(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}

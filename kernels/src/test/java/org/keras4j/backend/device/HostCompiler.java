package org.keras4j.backend.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The host's g++, which makes shared libraries of C++ text. What it made before is found again by a hash. */
final class HostCompiler {
    private final Path folder;
    private final List<String> options;

    /** Makes libraries in {@code folder}, with {@code options} beside the usual ones. */
    HostCompiler(Path folder, List<String> options) {
        this.folder = folder.toAbsolutePath();
        this.options = options;
    }

    /** Says why there is no compiler; empty if there is one. */
    static Optional<String> missing() {
        try {
            Process process = new ProcessBuilder("g++", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0 ? Optional.empty() : Optional.of("g++ does not work");
        } catch (IOException e) {
            return Optional.of("g++ is not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Returns the library made of a resource beside this class. */
    Path resource(String name) {
        try (InputStream in = HostCompiler.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalArgumentException("There is no resource " + name);
            return library(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the library made of {@code text}, linked to others that were made here.
     *
     * @throws KernelCompilationException with the compiler's log
     */
    Path library(String name, String text, Path... others) {
        Path library = folder.resolve("k" + hash(text) + ".so");
        if (Files.exists(library)) return library;
        try {
            Files.createDirectories(folder);
            Path source = Files.createTempFile(folder, "new", ".cpp");
            Path made = source.resolveSibling(source.getFileName() + ".so");
            try {
                Files.writeString(source, text);
                compile(name, text, source, made, others);
                Files.move(made, library, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(source);
                Files.deleteIfExists(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compile " + name, e);
        }
        return library;
    }

    private void compile(String name, String text, Path source, Path made, Path... others) throws IOException {
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-shared", "-fPIC"));
        command.addAll(List.of("-Wuninitialized", "-Werror=uninitialized", "-ftrivial-auto-var-init=pattern"));
        command.addAll(List.of("-Wl,-rpath," + folder, "-o"));
        command.add(made.toString());
        command.add(source.toString());
        for (Path other : others) command.add(other.toString());
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) throw new KernelCompilationException("g++", new Source(name, text), log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while compiling", e);
        }
    }

    private String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join(" ", options).getBytes(StandardCharsets.UTF_8));
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

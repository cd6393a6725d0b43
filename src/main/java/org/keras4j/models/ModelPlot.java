package org.keras4j.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes drawings, with the help of Graphviz where they are pictures. */
final class ModelPlot {
    private ModelPlot() {}

    static void write(String dot, Path file) {
        String name = file.getFileName().toString();
        int point = name.lastIndexOf('.');
        String format = point < 0 ? "png" : name.substring(point + 1).toLowerCase(Locale.ROOT);
        if (!format.matches("[a-z0-9]+"))
            throw new IllegalArgumentException(file + ": expected a name that ends with .dot, .png, .svg or .pdf");
        try {
            if (format.equals("dot") || format.equals("gv")) Files.writeString(file, dot);
            else draw(dot, file, format);
        } catch (IOException e) {
            throw new UncheckedIOException("The model cannot be drawn to " + file + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the model was drawn to " + file, e);
        }
    }

    private static void draw(String dot, Path file, String format) throws IOException, InterruptedException {
        Process graphviz;
        try {
            graphviz = new ProcessBuilder(
                            "dot", "-T" + format, "-o", file.toAbsolutePath().toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "the program \"dot\" of Graphviz is not there; install it, or write to a .dot file", e);
        }
        try (var in = graphviz.getOutputStream()) {
            in.write(dot.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(graphviz.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (graphviz.waitFor() != 0) throw new IOException("Graphviz says: " + said.strip());
    }
}

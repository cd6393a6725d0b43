package org.keras4j.callbacks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the metrics of each epoch to a file, a line each; the first line names the columns. */
public final class CSVLogger extends Callback {
    private final Path file;
    private final String separator;
    private final boolean append;
    private @Nullable BufferedWriter writer;
    private List<String> keys = List.of();

    public CSVLogger(Path filename) {
        this(filename, ",", false);
    }

    /**
     * @param separator what stands between columns
     * @param append whether to go on with the file if it is there, without a new first line
     */
    public CSVLogger(Path filename, String separator, boolean append) {
        file = filename;
        this.separator = separator;
        this.append = append;
    }

    @Override
    public void onTrainBegin() {
        keys = List.of();
        try {
            writer = append
                    ? Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    : Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("CSVLogger: cannot write " + file, e);
        }
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        if (keys.isEmpty()) {
            keys = new ArrayList<>(logs.keySet());
            if (!append || isEmpty()) line("epoch", keys);
        }
        line(
                String.valueOf(epoch),
                keys.stream()
                        .map(k -> logs.containsKey(k) ? String.valueOf(logs.get(k)) : "NA")
                        .toList());
    }

    private boolean isEmpty() {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("CSVLogger: cannot read " + file, e);
        }
    }

    private void line(String first, List<String> rest) {
        BufferedWriter out = writer;
        if (out == null) throw new IllegalStateException("CSVLogger: no training has begun");
        try {
            out.write(first);
            for (String cell : rest) out.write(separator + cell);
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("CSVLogger: cannot write " + file, e);
        }
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        BufferedWriter out = writer;
        writer = null;
        if (out == null) return;
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("CSVLogger: cannot write " + file, e);
        }
    }
}

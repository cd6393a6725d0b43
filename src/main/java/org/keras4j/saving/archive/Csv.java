package org.keras4j.saving.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.saving.HostArray;
import org.keras4j.saving.KerasFileException;

/** A table of numbers from a text file, with the column names where its first line has any. */
public final class Csv {
    private static final int MAX_LINE = 1 << 26;
    private static final char[] SEPARATORS = {',', ';', '\t'};

    private final List<String> header;
    private final int columns;
    private final double[] values;

    private Csv(List<String> header, int columns, double[] values) {
        this.header = List.copyOf(header);
        this.columns = columns;
        this.values = values;
    }

    /**
     * Reads a table of numbers separated by commas, semicolons or tabs; {@code .gz} files are unpacked.
     *
     * <p>A first line with a cell that is no number is the header. Empty cells, {@code NA} and {@code nan} are NaN.
     *
     * @throws KerasFileException if a later cell is no number or a line has more or fewer cells than the first
     */
    public static Csv read(Path path) {
        String name = path.toString();
        try (InputStream in = Files.newInputStream(path)) {
            boolean packed = name.toLowerCase(Locale.ROOT).endsWith(".gz");
            try (InputStream text = packed ? new GZIPInputStream(in, 1 << 16) : in) {
                return read(new InputStreamReader(text, StandardCharsets.UTF_8), name);
            }
        } catch (IOException e) {
            throw new KerasFileException(name, "", "cannot be read: " + e.getMessage(), e);
        }
    }

    static Csv read(Reader reader, String name) throws IOException {
        var lines = new Lines(new BufferedReader(reader, 1 << 16), name);
        String first = lines.next();
        if (first == null) throw new KerasFileException(name, "", "expected a table, got no line");
        if (first.startsWith("\uFEFF")) first = first.substring(1);
        char separator = separatorOf(first);
        List<String> header = cells(first, separator);
        int columns = header.size();
        var values = new double[Math.max(16, columns)];
        int used = 0;
        if (isNumeric(header)) {
            used = parse(first, separator, columns, values, used, lines);
            header = List.of();
        }
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (used > values.length - columns) values = Arrays.copyOf(values, grown(values.length, columns, name));
            used = parse(line, separator, columns, values, used, lines);
        }
        return new Csv(header, columns, Arrays.copyOf(values, used));
    }

    private static int grown(int length, int columns, String name) {
        long wanted = Math.min(Integer.MAX_VALUE - 8L, Math.max(length * 2L, length + (long) columns));
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (wanted < length + (long) columns || wanted * Double.BYTES > free)
            throw new KerasFileException(name, "", "has more cells than the Java heap can hold; raise -Xmx");
        return (int) wanted;
    }

    private static int parse(String line, char separator, int columns, double[] into, int at, Lines lines) {
        List<String> cells = cells(line, separator);
        if (cells.size() != columns)
            throw lines.wrong("expected " + columns + " cells as in the first line, got " + cells.size());
        for (int column = 0; column < columns; column++) {
            try {
                into[at + column] = number(cells.get(column));
            } catch (NumberFormatException e) {
                throw lines.wrong("column " + (column + 1) + ": expected a number, got \"" + cells.get(column) + "\"");
            }
        }
        return at + columns;
    }

    private static boolean isNumeric(List<String> cells) {
        for (String cell : cells) {
            try {
                number(cell);
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return true;
    }

    private static double number(String cell) {
        if (cell.isEmpty()) return Double.NaN;
        char last = cell.charAt(cell.length() - 1);
        // Java's own words and suffixes, 1d and 0x1p3f, are not numbers in a table
        if (Character.isDigit(last) || last == '.') return Double.parseDouble(cell);
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "nan", "na", "n/a", "null" -> Double.NaN;
            case "inf", "infinity", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "true" -> 1;
            case "false" -> 0;
            default -> throw new NumberFormatException(cell);
        };
    }

    private static char separatorOf(String line) {
        for (char separator : SEPARATORS) if (line.indexOf(separator) >= 0) return separator;
        return SEPARATORS[0];
    }

    private static List<String> cells(String line, char separator) {
        List<String> cells = new ArrayList<>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return cells;
    }

    /** Returns the column names, or none if the file had no header. */
    public List<String> header() {
        return header;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns the number of rows, the header not counted. */
    public int rows() {
        return values.length / columns;
    }

    /** Returns the numbers as float64 of shape {@code (rows, columns)}. */
    public HostArray values() {
        return HostArray.of(values, rows(), columns);
    }

    /** The lines that hold anything, with their numbers. */
    private static final class Lines {
        private final BufferedReader reader;
        private final String file;
        private int number;

        Lines(BufferedReader reader, String file) {
            this.reader = reader;
            this.file = file;
        }

        @Nullable String next() throws IOException {
            while (true) {
                number++;
                var line = new StringBuilder();
                int c = reader.read();
                if (c < 0) return null;
                for (; c >= 0 && c != '\n'; c = reader.read()) {
                    if (line.length() == MAX_LINE) throw wrong("expected lines up to " + MAX_LINE + " characters");
                    line.append((char) c);
                }
                String text = line.toString().strip();
                if (!text.isEmpty()) return line.toString();
            }
        }

        KerasFileException wrong(String problem) {
            return new KerasFileException(file, "line " + number, problem);
        }
    }
}

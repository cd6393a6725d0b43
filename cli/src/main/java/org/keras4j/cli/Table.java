package org.keras4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * A table of numbers with a comma or tab between them. The first line may hold the names of the columns.
 *
 * @param names as many as there are columns, or none
 * @param values row by row
 */
record Table(Path file, List<String> names, int columns, double[] values) {
    /** Reads a file, through gzip if its name ends so. */
    static Table read(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                var reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            return read(file, reader);
        }
    }

    private static Table read(Path file, BufferedReader reader) throws IOException {
        String separator = file.toString().contains(".tsv") ? "\t" : ",";
        List<String> names = List.of();
        var values = new double[1024];
        int count = 0;
        int columns = -1;
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) continue;
            String[] cells = line.split(separator, -1);
            if (columns < 0) {
                columns = cells.length;
                if (!isNumber(cells[0]) && Arrays.stream(cells).noneMatch(Table::isNumber)) {
                    names = Arrays.stream(cells).map(Table::unquoted).toList();
                    continue;
                }
            }
            if (cells.length != columns)
                throw new CommandException(
                        file + " line " + number + ": expected " + columns + " columns, got " + cells.length);
            if (count + columns > values.length) values = Arrays.copyOf(values, grown(values.length, columns, file));
            for (int i = 0; i < columns; i++) values[count++] = number(cells[i], file, number, i);
        }
        if (count == 0) throw new CommandException(file + ": no rows");
        return new Table(file, names, columns, Arrays.copyOf(values, count));
    }

    private static int grown(int length, int columns, Path file) {
        long wanted = Math.max(2L * length, (long) length + columns);
        if (wanted <= Integer.MAX_VALUE - 8) return (int) wanted;
        if (length < Integer.MAX_VALUE - 8 - columns) return Integer.MAX_VALUE - 8;
        throw new CommandException(file + ": more than 2^31 numbers");
    }

    private static boolean isNumber(String cell) {
        try {
            Double.parseDouble(unquoted(cell));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static double number(String cell, Path file, int line, int column) {
        try {
            return Double.parseDouble(unquoted(cell));
        } catch (NumberFormatException e) {
            throw new CommandException(
                    file + " line " + line + ", column " + column + ": expected a number, got \"" + cell + "\"", e);
        }
    }

    private static String unquoted(String cell) {
        String text = cell.strip();
        boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }

    int rows() {
        return values.length / columns;
    }

    /**
     * Returns some columns as rows of an array; of a single one, the column itself. Whole numbers become int32, others
     * float32.
     *
     * @param choice numbers from 0, ranges and names with commas between them, such as {@code 0-63,label}; nothing for
     *     all
     */
    NDArray columns(String choice) {
        int[] chosen = choice.isEmpty()
                ? IntStream.range(0, columns).toArray()
                : Arrays.stream(choice.split(",")).flatMapToInt(this::columnsOf).toArray();
        boolean isWhole = true;
        for (int row = 0; row < rows(); row++)
            for (int column : chosen) isWhole &= isInt(values[row * columns + column]);
        Shape shape = chosen.length == 1 ? Shape.of(rows()) : Shape.of(rows(), chosen.length);
        NDArray array = NDArray.zeros(isWhole ? DType.INT32 : DType.FLOAT32, shape);
        int at = 0;
        for (int row = 0; row < rows(); row++)
            for (int column : chosen) array.set(at++, values[row * columns + column]);
        return array;
    }

    private static boolean isInt(double value) {
        return value == (int) value;
    }

    private IntStream columnsOf(String part) {
        int named = names.indexOf(part.strip());
        if (named >= 0) return IntStream.of(named);
        String[] ends = part.strip().split("-", 2);
        var bounds = new ArrayList<Integer>();
        for (String end : ends) {
            if (!end.matches("\\d{1,9}") || Integer.parseInt(end) >= columns) throw unknown(part);
            bounds.add(Integer.parseInt(end));
        }
        return IntStream.rangeClosed(bounds.getFirst(), bounds.getLast());
    }

    private CommandException unknown(String column) {
        String known = "0 to " + (columns - 1) + (names.isEmpty() ? "" : " or " + String.join(", ", names));
        return new CommandException(file + ": expected columns " + known + ", got \"" + column + "\"");
    }
}

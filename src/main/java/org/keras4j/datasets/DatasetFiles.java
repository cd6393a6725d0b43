package org.keras4j.datasets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.saving.archive.Npz;
import org.keras4j.saving.archive.ZipLimits;
import org.keras4j.saving.archive.ZipReader;
import org.keras4j.utils.Downloads;
import org.keras4j.utils.RandomState;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of data sets where Keras keeps them, and how it splits them. */
final class DatasetFiles {
    private static final String ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";

    private DatasetFiles() {}

    static Path file(String name, @Nullable String hash) {
        return Downloads.getFile(ORIGIN + name, o -> o.fname(name).fileHash(hash));
    }

    static Path fileIn(String folder, String name) {
        return Downloads.getFile(ORIGIN + name, o -> o.fname(name).cacheSubdir(folder));
    }

    /** Splits the arrays {@code x} and {@code y} of a file after shuffling them. */
    static Split shuffled(Path file, int most, double testSplit, int seed) {
        if (!(testSplit >= 0 && testSplit < 1))
            throw new IllegalArgumentException("test_split must be from 0 to below 1, got " + testSplit);
        Map<String, NDArray> arrays = Npz.read(file);
        NDArray x = array(arrays, "x", file);
        NDArray y = array(arrays, "y", file);
        int count = Math.min(most, x.shape().dim(0));
        int[] order = new RandomState(seed).permutation(count);
        int train = (int) (count * (1 - testSplit));
        int[] first = Arrays.copyOf(order, train);
        int[] rest = Arrays.copyOfRange(order, train, count);
        return new Split(x.rows(first), y.rows(first), x.rows(rest), y.rows(rest));
    }

    static NDArray array(Map<String, NDArray> arrays, String name, Path file) {
        NDArray found = arrays.get(name);
        if (found == null)
            throw new KerasFileException(
                    file.toString(), "", "expected an array " + name + ", found " + arrays.keySet());
        return found;
    }

    /** Reads an array of lists of whole numbers out of an {@code .npz} file. */
    static int[][] sequences(Path file, String name) {
        String member = name + ".npy";
        try (ZipReader zip = ZipReader.open(file, ZipLimits.ARRAYS)) {
            ByteBuffer bytes = ByteBuffer.wrap(zip.read(member));
            skipHeader(bytes);
            Object data = Pickle.read(bytes) instanceof Pickle.Array a ? a.data : "something else";
            if (!(data instanceof List<?> rows)) throw new IOException("expected an array of lists, got " + data);
            return rows.stream().map(DatasetFiles::row).toArray(int[][]::new);
        } catch (IOException | ClassCastException e) {
            throw new KerasFileException(file.toString(), member, String.valueOf(e.getMessage()), e);
        }
    }

    private static int[] row(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream()
                        .mapToInt(n -> ((Number) Objects.requireNonNull(n)).intValue())
                        .toArray();
    }

    /** What an array of objects is follows in the pickle, not from this header. */
    private static void skipHeader(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() < 12 || bytes.get(0) != (byte) 0x93) throw new IOException("expected a .npy file");
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        boolean isShort = bytes.get(6) == 1;
        int start = isShort ? 10 + Short.toUnsignedInt(bytes.getShort(8)) : 12 + bytes.getInt(8);
        if (start < 0 || start > bytes.limit()) throw new IOException("the header is not complete");
        bytes.position(start);
    }

    /** Reads a JSON file of words and their numbers. */
    static Map<String, Integer> wordIndex(Path file) {
        try {
            JsonNode json = new JsonMapper().readTree(Files.readString(file));
            Map<String, Integer> words = new LinkedHashMap<>();
            json.propertyStream()
                    .forEach(e -> words.put(e.getKey(), e.getValue().asInt()));
            return words;
        } catch (IOException | JacksonException e) {
            throw new KerasFileException(file.toString(), "", "expected JSON: " + e.getMessage(), e);
        }
    }
}

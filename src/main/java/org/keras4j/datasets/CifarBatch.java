package org.keras4j.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.utils.Downloads;

/**
 * The pickled files of CIFAR: a dictionary with {@code data}, uint8 (n, 3072) in planes of colours, and lists of
 * labels.
 */
final class CifarBatch {
    private static final int SIDE = 32;
    private static final int COLORS = 3;

    private CifarBatch() {}

    static Path folder(String name, String inner, String hash) {
        String origin = "https://www.cs.toronto.edu/~kriz/" + name + ".tar.gz";
        return Downloads.getFile(
                        origin, o -> o.fname(inner + "-target").fileHash(hash).extract(true))
                .resolve(inner);
    }

    /** Reads files one after the other: x uint8 (n, 32, 32, 3) or as the image data format says, y uint8 (n, 1). */
    static NDArray[] read(List<Path> files, String labelKey, DType labels) {
        NDArray[][] parts = files.stream().map(f -> read(f, labelKey, labels)).toArray(NDArray[][]::new);
        return new NDArray[] {joined(parts, 0), joined(parts, 1)};
    }

    private static NDArray joined(NDArray[][] parts, int which) {
        int count = 0;
        for (NDArray[] part : parts) count += part[which].shape().dim(0);
        NDArray out =
                NDArray.zeros(parts[0][which].dtype(), parts[0][which].shape().with(0, count));
        int at = 0;
        for (NDArray[] part : parts) {
            System.arraycopy(part[which].data(), 0, out.data(), at, part[which].size());
            at += part[which].size();
        }
        return out;
    }

    private static NDArray[] read(Path file, String labelKey, DType dtype) {
        try {
            if (!(Pickle.read(ByteBuffer.wrap(Files.readAllBytes(file))) instanceof Map<?, ?> batch))
                throw new IOException("expected a dictionary");
            byte[] pixels = null;
            List<?> labels = null;
            for (Map.Entry<?, ?> e : batch.entrySet()) {
                String key = Pickle.string(e.getKey());
                if (key.equals("data") && e.getValue() instanceof Pickle.Array a) pixels = a.bytes();
                if (key.equals(labelKey) && e.getValue() instanceof List<?> l) labels = l;
            }
            if (pixels == null || labels == null || pixels.length != labels.size() * COLORS * SIDE * SIDE)
                throw new IOException("expected data and " + labelKey + " of as many pictures");
            NDArray y = NDArray.zeros(dtype, Shape.of(labels.size(), 1));
            for (int i = 0; i < labels.size(); i++) y.set(i, ((Number) labels.get(i)).intValue());
            return new NDArray[] {pictures(pixels, labels.size()), y};
        } catch (IOException | UncheckedIOException | ClassCastException e) {
            throw new KerasFileException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }

    private static NDArray pictures(byte[] planes, int count) {
        boolean first = Config.imageDataFormat().equals("channels_first");
        var out = new int[planes.length];
        int size = SIDE * SIDE;
        for (int n = 0; n < count; n++)
            for (int c = 0; c < COLORS; c++)
                for (int i = 0; i < size; i++) {
                    int from = (n * COLORS + c) * size + i;
                    out[first ? from : (n * size + i) * COLORS + c] = planes[from] & 0xff;
                }
        Shape shape = first ? Shape.of(count, COLORS, SIDE, SIDE) : Shape.of(count, SIDE, SIDE, COLORS);
        return NDArray.wrap(DType.UINT8, shape, out);
    }
}

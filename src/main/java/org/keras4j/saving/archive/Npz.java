package org.keras4j.saving.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.utils.Npy;

/** NumPy's {@code .npz} archives: arrays by name, packed or not. */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /** Reads all arrays, in the archive's order. */
    public static Map<String, NDArray> read(Path path) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (ZipReader zip = ZipReader.open(path, ZipLimits.ARRAYS)) {
            for (String member : zip.names()) {
                if (member.endsWith(SUFFIX)) arrays.put(key(member), read(zip, member, path.toString()));
            }
        }
        return arrays;
    }

    /** Reads one array by name. */
    public static NDArray read(Path path, String name) {
        try (ZipReader zip = ZipReader.open(path, ZipLimits.ARRAYS)) {
            return read(zip, name + SUFFIX, path.toString());
        }
    }

    private static NDArray read(ZipReader zip, String member, String file) {
        try {
            return Npy.read(ByteBuffer.wrap(zip.read(member)));
        } catch (IOException e) {
            throw new KerasFileException(file, member, e.getMessage() == null ? "is damaged" : e.getMessage(), e);
        }
    }

    /** Writes the arrays unpacked, as {@code numpy.savez} does, all or nothing. */
    public static void write(Path path, Map<String, NDArray> arrays) {
        AtomicFile.write(path, channel -> {
            var zip = new ZipWriter(channel);
            for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
                NDArray array = entry.getValue();
                long atMost = 8L * array.size() + (1 << 16);
                zip.add(entry.getKey() + SUFFIX, ZipWriter.EPOCH, atMost, to -> {
                    OutputStream out = Channels.newOutputStream(to);
                    Npy.write(out, array);
                    out.flush();
                });
            }
            zip.finish();
        });
    }

    private static String key(String member) {
        return member.substring(0, member.length() - SUFFIX.length());
    }
}

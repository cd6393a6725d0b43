package org.keras4j.saving.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keras4j.saving.HostArray;
import org.keras4j.saving.KerasFileException;

/** NumPy's {@code .npz} archives: arrays by name, packed or not. */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /** Reads all arrays, in the archive's order. */
    public static Map<String, HostArray> read(Path path) {
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        try (ZipReader zip = ZipReader.open(path, ZipLimits.ARRAYS)) {
            for (String member : zip.names()) {
                if (member.endsWith(SUFFIX)) arrays.put(key(member), read(zip, member, path.toString()));
            }
        }
        return arrays;
    }

    /** Reads one array by name. */
    public static HostArray read(Path path, String name) {
        try (ZipReader zip = ZipReader.open(path, ZipLimits.ARRAYS)) {
            return read(zip, name + SUFFIX, path.toString());
        }
    }

    private static HostArray read(ZipReader zip, String member, String file) {
        try (InputStream in = zip.stream(member)) {
            HostArray array = Npy.read(in, file, member);
            // reading on to the end also checks the member's checksum
            if (in.read() >= 0) throw new KerasFileException(file, member, "has bytes after the array's end");
            return array;
        } catch (IOException e) {
            throw new KerasFileException(file, member, "is damaged: " + e.getMessage(), e);
        }
    }

    /** Writes the arrays unpacked, as {@code numpy.savez} does, all or nothing. */
    public static void write(Path path, Map<String, HostArray> arrays) {
        AtomicFile.write(path, channel -> {
            var zip = new ZipWriter(channel);
            for (Map.Entry<String, HostArray> entry : arrays.entrySet()) {
                HostArray array = entry.getValue();
                zip.add(entry.getKey() + SUFFIX, ZipWriter.EPOCH, Npy.sizeOf(array), to -> Npy.write(to, array));
            }
            zip.finish();
        });
    }

    private static String key(String member) {
        return member.substring(0, member.length() - SUFFIX.length());
    }
}

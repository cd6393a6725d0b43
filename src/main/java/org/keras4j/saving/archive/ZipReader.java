package org.keras4j.saving.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.keras4j.KerasFileException;

/** Reads a zip file within {@link ZipLimits}: stored and deflated members, zip64, no members outside the root. */
public final class ZipReader implements AutoCloseable {
    // of a few bytes a high ratio says nothing: an empty vocabulary, a config of blanks
    private static final long SMALL = 1 << 20;

    private final String name;
    private final ZipFile zip;
    private final ZipLimits limits;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    private ZipReader(String name, ZipFile zip, ZipLimits limits) {
        this.name = name;
        this.zip = zip;
        this.limits = limits;
    }

    /**
     * Opens a zip file and checks its list of members.
     *
     * @throws KerasFileException if it is no zip file or passes a limit
     */
    public static ZipReader open(Path path, ZipLimits limits) {
        String name = path.toString();
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (IOException | IllegalArgumentException e) {
            throw new KerasFileException(name, "", "expected a zip file: " + e.getMessage(), e);
        }
        var reader = new ZipReader(name, zip, limits);
        try {
            reader.list();
            return reader;
        } catch (KerasFileException e) {
            reader.close();
            throw e;
        }
    }

    private void list() {
        if (zip.size() > limits.entries())
            throw new KerasFileException(
                    name, "", "has " + zip.size() + " members, expected at most " + limits.entries());
        for (ZipEntry entry : Collections.list(zip.entries())) {
            checkName(entry.getName());
            checkSize(entry);
            if (entries.put(entry.getName(), entry) != null)
                throw new KerasFileException(name, entry.getName(), "is there twice");
        }
    }

    private void checkName(String member) {
        boolean outside = member.startsWith("/")
                || member.indexOf('\\') >= 0
                || member.indexOf('\0') >= 0
                || (member.length() > 1 && member.charAt(1) == ':');
        for (String part : member.split("/")) outside |= part.equals("..");
        if (outside) throw new KerasFileException(name, member, "expected a member inside the archive, got this path");
    }

    private void checkSize(ZipEntry entry) {
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        if (size > limits.memberBytes())
            throw new KerasFileException(
                    name, entry.getName(), "unpacks to " + size + " bytes, expected at most " + limits.memberBytes());
        if (size > SMALL && size / limits.ratio() > packed)
            throw new KerasFileException(
                    name,
                    entry.getName(),
                    "unpacks from " + packed + " to " + size + " bytes, expected at most " + limits.ratio()
                            + " times as many");
    }

    /** Returns the names of all members in the file's order. */
    public List<String> names() {
        return new ArrayList<>(entries.keySet());
    }

    /** Returns whether there is a member of this name. */
    public boolean has(String member) {
        return entries.containsKey(member);
    }

    /** Returns the unpacked size of a member as the archive tells it. */
    public long size(String member) {
        return entry(member).getSize();
    }

    /** Reads a whole member into memory. */
    public byte[] read(String member) {
        long size = size(member);
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (size > Integer.MAX_VALUE - 8 || size > free)
            throw new KerasFileException(
                    name, member, "needs " + size + " bytes, the Java heap has " + free + " left; raise -Xmx");
        try (InputStream in = stream(member)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw damaged(member, e);
        }
    }

    /** Copies a member to {@code to}. */
    public void copy(String member, OutputStream to) throws IOException {
        try (InputStream in = stream(member)) {
            in.transferTo(to);
        }
    }

    /** Unpacks a member into a new temporary file, which the caller deletes. */
    public Path extract(String member) {
        try {
            Path file = Files.createTempFile("keras4j-", ".part");
            boolean done = false;
            try (OutputStream out = Files.newOutputStream(file)) {
                copy(member, out);
                done = true;
            } finally {
                if (!done) Files.deleteIfExists(file);
            }
            return file;
        } catch (IOException e) {
            throw damaged(member, e);
        }
    }

    /** Opens a member; the stream ends in an {@link IOException} if more comes than the archive told. */
    public InputStream stream(String member) {
        ZipEntry entry = entry(member);
        try {
            InputStream in = zip.getInputStream(entry);
            if (in == null) throw new KerasFileException(name, member, "cannot be read");
            return new Counted(in, entry.getSize(), entry.getCrc());
        } catch (IOException e) {
            throw damaged(member, e);
        }
    }

    private ZipEntry entry(String member) {
        ZipEntry entry = entries.get(member);
        if (entry == null) throw new KerasFileException(name, "", "expected a member " + member + ", found " + names());
        return entry;
    }

    private KerasFileException damaged(String member, IOException e) {
        return new KerasFileException(name, member, "is damaged: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new KerasFileException(name, "", "cannot be closed: " + e.getMessage(), e);
        }
    }

    /** Checks length and CRC, which {@link ZipFile} leaves unchecked. */
    private static final class Counted extends FilterInputStream {
        private final long expected;
        private final long expectedCrc;
        private final CRC32 crc = new CRC32();
        private long count;

        Counted(InputStream in, long expected, long expectedCrc) {
            super(in);
            this.expected = expected;
            this.expectedCrc = expectedCrc;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read = super.read(into, at, length);
            if (read < 0) {
                if (count != expected) throw new IOException("expected " + expected + " bytes, got " + count);
                if (expectedCrc >= 0 && crc.getValue() != expectedCrc)
                    throw new IOException("checksum " + Long.toHexString(crc.getValue()) + ", expected "
                            + Long.toHexString(expectedCrc));
                return read;
            }
            crc.update(into, at, read);
            count += read;
            if (count > expected) throw new IOException("more than the " + expected + " bytes the archive told");
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 1 << 16)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}

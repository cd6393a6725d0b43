package org.keras4j.utils;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.keras4j.KerasFileException;

/**
 * Unpacks {@code .tar}, {@code .tar.gz} and {@code .zip} files: folders and plain files, nothing outside the folder.
 */
final class Archives {
    private static final int BLOCK = 512;
    private static final long MOST_BYTES = 64L << 30;
    private static final int LONGEST_NAME = 1 << 16;

    private Archives() {}

    /** Unpacks into {@code folder}, which appears when all is unpacked. */
    static void extract(Path archive, Path folder) {
        Path part = folder.resolveSibling(folder.getFileName() + ".part");
        try {
            delete(part);
            Files.createDirectories(part);
            unpack(archive, part);
            // what was unpacked from another file of this name goes
            delete(folder);
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new KerasFileException(archive.toString(), "", "cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
            in.mark(4);
            byte[] magic = in.readNBytes(4);
            in.reset();
            if (magic.length == 4 && magic[0] == 'P' && magic[1] == 'K') zip(in, folder);
            else if (magic.length > 1 && magic[0] == 0x1f && magic[1] == (byte) 0x8b)
                tar(new BufferedInputStream(new GZIPInputStream(in)), folder);
            else tar(in, folder);
        }
    }

    private static void zip(InputStream in, Path folder) throws IOException {
        var zip = new ZipInputStream(in);
        for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
            Path to = inside(folder, e.getName());
            if (e.isDirectory()) Files.createDirectories(to);
            else {
                Files.createDirectories(to.getParent());
                Files.copy(zip, to);
            }
        }
    }

    /** Reads the format of POSIX (ustar), and GNU's long names. */
    private static void tar(InputStream in, Path folder) throws IOException {
        String longName = null;
        for (byte[] head = in.readNBytes(BLOCK); head.length > 0 && head[0] != 0; head = in.readNBytes(BLOCK)) {
            if (head.length < BLOCK) throw new IOException("expected a .tar, .tar.gz or .zip file");
            checkSum(head);
            long size = octal(head, 124, 12);
            if (size < 0 || size > MOST_BYTES) throw new IOException("a member has the size " + size);
            String prefix = text(head, 257, 5).equals("ustar") && head[262] == 0 ? text(head, 345, 155) : "";
            String name = longName != null ? longName : (prefix.isEmpty() ? "" : prefix + "/") + text(head, 0, 100);
            longName = null;
            switch (head[156]) {
                case 'L' -> {
                    if (size > LONGEST_NAME) throw new IOException("a member has a name of " + size + " bytes");
                    longName = new String(in.readNBytes((int) size), StandardCharsets.UTF_8).replace("\0", "");
                }
                case '5' -> Files.createDirectories(inside(folder, name));
                case 0, '0' -> {
                    Path to = inside(folder, name);
                    Files.createDirectories(to.getParent());
                    copy(in, to, size);
                }
                case 'x', 'g' -> in.skipNBytes(size); // times and owners, which are not kept
                default ->
                    throw new IOException(
                            name + ": expected a file or a folder, got a member of type '" + (char) head[156] + "'");
            }
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
    }

    private static void checkSum(byte[] head) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xff;
        if (sum != octal(head, 148, 8)) throw new IOException("expected a .tar, .tar.gz or .zip file");
    }

    private static String text(byte[] head, int from, int most) {
        int length = 0;
        while (length < most && head[from + length] != 0) length++;
        return new String(head, from, length, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] head, int from, int length) throws IOException {
        String digits = text(head, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("expected a .tar, .tar.gz or .zip file", e);
        }
    }

    private static void copy(InputStream in, Path to, long size) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
            var buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) throw new EOFException("the file ends too early");
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private static Path inside(Path folder, String name) throws IOException {
        Path to = folder.resolve(name.replace('\\', '/')).normalize();
        if (!to.startsWith(folder.normalize()) || name.startsWith("/"))
            throw new IOException("expected members inside the archive, got " + name);
        return to;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path p : all) Files.delete(p);
    }
}

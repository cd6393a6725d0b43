package org.keras4j.backend.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.keras4j.Config;

/**
 * Compiled kernels on disk, by source, options and device, in {@code kernels/} of Keras's folder. A file that cannot be
 * read or written costs a compilation, never an error; what does not load is to be removed with {@link #remove}. When
 * the folder grows beyond its bound, what was not used for longest goes. Each file ends with a check sum: there are
 * drivers that end the program when they get half a binary.
 */
public final class BinaryCache {
    private static final long MOST_BYTES = 512L << 20;
    private static final int SWEEP_EVERY = 64;
    private static final Duration FRESH = Duration.ofDays(1);

    private final Path folder;
    private final String device;
    private final long mostBytes;
    private final AtomicInteger written = new AtomicInteger();

    /** Makes the cache of a device; {@code device} must change when driver or compiler do. */
    public BinaryCache(String device) {
        this(Config.home().resolve("kernels"), device, MOST_BYTES);
    }

    /** Makes a cache in {@code folder}, which a sweep brings below {@code mostBytes}. */
    public BinaryCache(Path folder, String device, long mostBytes) {
        this.folder = folder;
        this.device = device;
        this.mostBytes = mostBytes;
    }

    /** Returns what was compiled before. */
    public Optional<byte[]> get(Source source, String options) {
        try {
            Path file = file(source, options);
            if (!Files.isRegularFile(file)) return Optional.empty();
            byte[] sealed = Files.readAllBytes(file);
            int length = sealed.length - Long.BYTES;
            if (length <= 0
                    || checkSum(sealed, length) != ByteBuffer.wrap(sealed).getLong(length)) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            markUsed(file);
            return Optional.of(Arrays.copyOf(sealed, length));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The time of a file is that of its last use, give or take a day. */
    private static void markUsed(Path file) throws IOException {
        Instant now = Instant.now();
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(FRESH)))
            Files.setLastModifiedTime(file, FileTime.from(now));
    }

    /** Keeps a compiled program: written beside and renamed, so that others never see half a file. */
    public void put(Source source, String options, byte[] binary) {
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "new", ".part");
            try {
                byte[] sealed = Arrays.copyOf(binary, binary.length + Long.BYTES);
                ByteBuffer.wrap(sealed).putLong(binary.length, checkSum(binary, binary.length));
                Files.write(part, sealed);
                move(part, file(source, options));
            } finally {
                Files.deleteIfExists(part);
            }
            if (written.getAndIncrement() % SWEEP_EVERY == 0) sweep();
        } catch (IOException e) {
            System.getLogger(BinaryCache.class.getName())
                    .log(System.Logger.Level.DEBUG, "Compiled kernels are not kept: {0}", e.toString());
        }
    }

    private static long checkSum(byte[] bytes, int length) {
        var sum = new CRC32C();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    /** Removes the files that were not used for longest, until those that are left take three quarters of the bound. */
    private void sweep() throws IOException {
        record Kept(Path file, long bytes, FileTime used) {}
        List<Kept> all = new ArrayList<>();
        long total = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{bin,part}")) {
            for (Path file : files) {
                var kept = new Kept(file, Files.size(file), Files.getLastModifiedTime(file));
                all.add(kept);
                total += kept.bytes();
            }
        }
        if (total <= mostBytes) return;
        all.sort(Comparator.comparing(Kept::used));
        for (Kept kept : all) {
            if (total <= mostBytes / 4 * 3) return;
            Files.deleteIfExists(kept.file());
            total -= kept.bytes();
        }
    }

    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes a program that does not load. */
    public void remove(Source source, String options) {
        try {
            Files.deleteIfExists(file(source, options));
        } catch (IOException e) {
            System.getLogger(BinaryCache.class.getName())
                    .log(System.Logger.Level.DEBUG, "A broken compiled kernel stays: {0}", e.toString());
        }
    }

    private Path file(Source source, String options) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {device, options, source.text()}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return folder.resolve(HexFormat.of().formatHex(digest.digest()) + ".bin");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

package org.keras4j.backend.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.keras4j.Config;

/**
 * Compiled kernels on disk, by source, options and device, in {@code kernels/} of Keras's folder. A file that cannot be
 * read or written costs a compilation, never an error; what does not load is to be removed with {@link #remove}.
 */
public final class BinaryCache {
    private final Path folder;
    private final String device;

    /** Makes the cache of a device; {@code device} must change when driver or compiler do. */
    public BinaryCache(String device) {
        this(Config.home().resolve("kernels"), device);
    }

    BinaryCache(Path folder, String device) {
        this.folder = folder;
        this.device = device;
    }

    /** Returns what was compiled before. */
    public Optional<byte[]> get(Source source, String options) {
        try {
            Path file = file(source, options);
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a compiled program: written beside and renamed, so that others never see half a file. */
    public void put(Source source, String options, byte[] binary) {
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "new", ".part");
            try {
                Files.write(part, binary);
                move(part, file(source, options));
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            System.getLogger(BinaryCache.class.getName())
                    .log(System.Logger.Level.DEBUG, "Compiled kernels are not kept: {0}", e.toString());
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

package org.keras4j.saving.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.keras4j.KerasFileException;

/** Writes a file all or nothing: beside the target, forced to disk, then renamed over it. */
public final class AtomicFile {
    private static final int ATTEMPTS = 100;

    private AtomicFile() {}

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the content from the channel's start. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes {@code target}; until the end the old file stays as it was, and whatever goes wrong leaves it so.
     *
     * @throws KerasFileException if the file cannot be written
     */
    public static void write(Path target, Content content) {
        String name = target.toString();
        try {
            Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
            if (Files.isDirectory(real)) throw new KerasFileException(name, "", "expected a file, found a directory");
            Path directory = real.getParent();
            if (directory == null || !Files.isDirectory(directory))
                throw new KerasFileException(name, "", "expected its directory to exist");
            writeBeside(real, directory, content);
        } catch (AccessDeniedException e) {
            throw new KerasFileException(name, "", "cannot be written: no permission for " + e.getFile(), e);
        } catch (IOException e) {
            throw new KerasFileException(name, "", "cannot be written: " + e.getMessage(), e);
        }
    }

    private static void writeBeside(Path target, Path directory, Content content) throws IOException {
        Path temporary = null;
        try {
            // not createTempFile, whose files only their owner may read
            for (int i = 0; temporary == null; i++) {
                Path candidate = directory.resolve("." + target.getFileName() + "."
                        + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
                try (FileChannel channel = FileChannel.open(
                        candidate, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
                    temporary = candidate;
                    content.writeTo(channel);
                    channel.force(true);
                } catch (FileAlreadyExistsException e) {
                    if (temporary != null || i == ATTEMPTS) throw e;
                }
            }
            move(temporary, target);
            temporary = null;
            forceDirectory(directory);
        } finally {
            if (temporary != null) deleteQuietly(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the rename last through a power failure where directories can be opened, which Windows refuses. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            System.getLogger(AtomicFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot force directory " + directory, e);
        }
    }

    private static void deleteQuietly(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.delete(path);
            } catch (NoSuchFileException e) {
                return; // somebody cleaned up before us
            }
        }
    }
}

package org.keras4j.saving.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.keras4j.KerasFileException;

/**
 * An HDF5 file opened for reading, guarded against damaged and hostile content: whatever goes wrong below ends in a
 * {@link KerasFileException} that names file and place.
 */
public final class Hdf5File implements AutoCloseable {
    /** No model nests deeper; a deeper file is a trap. */
    static final int MAX_DEPTH = 128;

    private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final String name;
    private final long fileBytes;
    private final HdfFile file;
    private final boolean opaqueReplaced;
    private final Map<Long, String> seen = new HashMap<>();

    static {
        // jhdf logs through SLF4J, which complains on the console when an application has no logging set up
        if (System.getProperty("slf4j.internal.verbosity") == null)
            System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    private Hdf5File(String name, long fileBytes, HdfFile file, boolean opaqueReplaced) {
        this.name = name;
        this.fileBytes = fileBytes;
        this.file = file;
        this.opaqueReplaced = opaqueReplaced;
    }

    /** Opens the file at {@code path}. */
    public static Hdf5File open(Path path) {
        String name = path.toString();
        if (!Files.isRegularFile(path)) throw new KerasFileException(name, "", "expected an HDF5 file, found none");
        try {
            long bytes = Files.size(path);
            HdfFile file = guard(name, "", () -> new HdfFile(path));
            if (bytes > MAX_ARRAY || !TaglessOpaque.stops(file)) return new Hdf5File(name, bytes, file, false);
            file.close();
            return withoutOpaque(Files.readAllBytes(path), name);
        } catch (IOException e) {
            throw new KerasFileException(name, "", "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Opens a file that lies in memory; {@code name} is what errors call it. */
    public static Hdf5File open(byte[] bytes, String name) {
        HdfFile file = guard(name, "", () -> HdfFile.fromBytes(bytes));
        return TaglessOpaque.stops(file)
                ? withoutOpaque(bytes.clone(), name)
                : new Hdf5File(name, bytes.length, file, false);
    }

    private static Hdf5File withoutOpaque(byte[] bytes, String name) {
        TaglessOpaque.replace(bytes);
        return new Hdf5File(name, bytes.length, guard(name, "", () -> HdfFile.fromBytes(bytes)), true);
    }

    /** Returns whether these first bytes of a file are an HDF5 signature. */
    public static boolean isHdf5(byte[] start) {
        byte[] signature = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
        if (start.length < signature.length) return false;
        for (int i = 0; i < signature.length; i++) if (start[i] != signature[i]) return false;
        return true;
    }

    /** Returns what errors call this file. */
    public String name() {
        return name;
    }

    /** Returns the root group. */
    public Hdf5Group root() {
        return new Hdf5Group(this, file, "/", 0);
    }

    @Override
    public void close() {
        guard("", () -> {
            file.close();
            return true;
        });
    }

    long fileBytes() {
        return fileBytes;
    }

    /** Returns whether opaque pairs of bytes look like strings of two bytes, see {@link TaglessOpaque}. */
    boolean opaqueReplaced() {
        return opaqueReplaced;
    }

    HdfBackingStorage storage() {
        return file.getHdfBackingStorage();
    }

    <T> T guard(String place, Supplier<T> read) {
        return guard(name, place, read);
    }

    KerasFileException damaged(String place, String problem) {
        return new KerasFileException(name, place, problem);
    }

    /** Refuses an object that was reached by another path before: a cycle, or many names for one object. */
    void visit(long address, String path) {
        String before = seen.putIfAbsent(address, path);
        if (before != null && !before.equals(path))
            throw damaged(path, "is the same object as " + before + "; hard links are not followed");
    }

    /**
     * Runs a read of the HDF5 library, which answers damaged bytes with unchecked exceptions of every kind, endless
     * recursion or an impossible allocation.
     */
    private static <T> T guard(String name, String place, Supplier<T> read) {
        try {
            return read.get();
        } catch (KerasFileException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new KerasFileException(name, place, "is damaged or not HDF5 that can be read: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        String own = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? own : own + " (" + cause.getMessage() + ")";
    }
}

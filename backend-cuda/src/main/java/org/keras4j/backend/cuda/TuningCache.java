package org.keras4j.backend.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keras4j.Config;

/**
 * What was measured on a device, in a text file beside the compiled kernels: a line that says for which device, driver
 * and libraries it holds, then a line for each problem with what was chosen. A file that cannot be read is as good as
 * none.
 */
class TuningCache {
    private static final long MOST_BYTES = 16L << 20; // a large model needs some ten kilobytes

    private final Path folder;
    private final Path file;
    private final String machine;
    private final Map<String, String> known = new TreeMap<>();

    /** Opens the file of a machine in {@code kernels/} of Keras's folder. */
    static TuningCache of(String machine) {
        return new TuningCache(Config.home().resolve("kernels"), machine);
    }

    /**
     * Opens the file of a machine in {@code folder}.
     *
     * @param machine device, driver and libraries with their versions, in one line
     */
    TuningCache(Path folder, String machine) {
        this.folder = folder;
        this.machine = machine;
        file = folder.resolve("measured-" + digest(machine) + ".txt");
        read();
    }

    private static String digest(String text) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    Path file() {
        return file;
    }

    /** Returns what was chosen for a problem. */
    synchronized Optional<String> get(String problem) {
        return Optional.ofNullable(known.get(problem));
    }

    /**
     * Keeps what was chosen, beside what other processes have written since.
     *
     * @param problem without tabs and ends of lines
     * @param choice without ends of lines
     */
    synchronized void put(String problem, String choice) {
        read();
        known.put(problem, choice);
        write();
    }

    private void read() {
        if (!Files.isRegularFile(file)) return;
        try {
            if (Files.size(file) > MOST_BYTES) throw new IOException("it has more than " + MOST_BYTES + " bytes");
            String[] lines = Files.readString(file).split("\n", -1);
            if (!lines[0].equals(machine)) throw new IOException("it is for another machine: " + lines[0]);
            Map<String, String> found = new TreeMap<>();
            for (int i = 1; i < lines.length - 1; i++) {
                int tab = lines[i].indexOf('\t');
                if (tab < 0) throw new IOException("line " + (i + 1) + " has no tab");
                found.put(lines[i].substring(0, tab), lines[i].substring(tab + 1));
            }
            if (!lines[lines.length - 1].isEmpty()) throw new IOException("its last line is cut off");
            known.putAll(found);
        } catch (IOException e) {
            warn("What was measured before is not used, {0}: {1}", e);
        }
    }

    /** Writes beside and renames, so that others never see half a file. */
    private void write() {
        var text = new StringBuilder(machine).append('\n');
        known.forEach((problem, choice) ->
                text.append(problem).append('\t').append(choice).append('\n'));
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "new", ".part");
            try {
                Files.writeString(part, text);
                move(part);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            warn("What was measured is not kept, {0}: {1}", e);
        }
    }

    private void move(Path part) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void warn(String message, IOException e) {
        System.getLogger(TuningCache.class.getName()).log(System.Logger.Level.WARNING, message, file, e.getMessage());
    }
}

package org.keras4j.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.keras4j.NDArray;
import org.keras4j.utils.Npy;

/**
 * Numbers in a file, as the command line names them: {@code x.npy}, {@code x.csv}, {@code x.csv.gz}, or some columns of
 * a table, {@code x.csv:0-63} or {@code x.csv:width,height}.
 *
 * @param columns what stands behind the last colon, or nothing
 */
record DataFile(Path path, String columns) {
    /** A colon belongs to the name if a file has it, as on Windows. */
    static DataFile of(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || Files.exists(Path.of(text))) return new DataFile(Path.of(text), "");
        return new DataFile(Path.of(text.substring(0, colon)), text.substring(colon + 1));
    }

    /** Returns the numbers: a {@code .npy} file's array, or float32, int32 where all are whole, from a table. */
    NDArray read() {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean isTable = name.matches(".*\\.(csv|tsv)(\\.gz)?");
        if (!isTable && !name.endsWith(".npy"))
            throw new CommandException(path + ": expected a .npy, .csv or .tsv file (the last two also as .gz)");
        if (!isTable && !columns.isEmpty())
            throw new CommandException(path + ": only a table has columns to choose from");
        try {
            return isTable ? Table.read(path).columns(columns) : Npy.read(path);
        } catch (NoSuchFileException e) {
            throw new CommandException(path + ": no such file", e);
        } catch (FileSystemException e) {
            throw new CommandException(path + ": cannot be read: " + e.getReason(), e);
        } catch (IOException e) {
            throw new CommandException(e.getMessage() == null ? path + ": cannot be read" : e.getMessage(), e);
        }
    }
}

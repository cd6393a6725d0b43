package org.keras4j;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a file cannot be read or written, and where in it the trouble lies. */
public final class KerasFileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String place;

    /**
     * Creates the exception.
     *
     * @param file the file's name or path
     * @param place where in the file: a member, a group path, a byte offset; empty for the file as a whole
     * @param problem what was expected and what came
     */
    public KerasFileException(String file, String place, String problem) {
        this(file, place, problem, null);
    }

    /** Creates the exception with the failure that led to it. */
    public KerasFileException(String file, String place, String problem, @Nullable Throwable cause) {
        super(place.isEmpty() ? file + ": " + problem : file + ": " + place + ": " + problem, cause);
        this.file = file;
        this.place = place;
    }

    /** Returns the file's name or path. */
    public String file() {
        return file;
    }

    /** Returns where in the file the trouble lies, or an empty string for the file as a whole. */
    public String place() {
        return place;
    }
}

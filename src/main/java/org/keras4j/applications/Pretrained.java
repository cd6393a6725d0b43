package org.keras4j.applications;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.keras4j.utils.Downloads;

/**
 * A file that Keras publishes, kept in the folder {@code models} of Keras's folder.
 *
 * @param file its name in that folder
 * @param origin its address
 * @param hash what its bytes must hash to, by SHA-256 or MD5; null where Keras does not say
 */
record Pretrained(String file, URI origin, @Nullable String hash) {
    static final String KERAS = "https://storage.googleapis.com/";

    /** Names a file by the folder it is published in, under the name it is kept under. */
    static Pretrained of(String folder, String file, @Nullable String hash) {
        return new Pretrained(file, URI.create(KERAS + folder + "/" + file), hash);
    }

    /** Returns where the file is, which is downloaded if it is not there yet. */
    Path path() {
        return Downloads.getFile(
                origin.toString(), o -> o.fname(file).fileHash(hash).cacheSubdir("models"));
    }
}

package org.keras4j.utils;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code get_file}; each default is Keras's. */
public final class GetFileOptions {
    @Nullable
    String fname;

    @Nullable
    String fileHash;

    String cacheSubdir = "datasets";

    @Nullable
    Path cacheDir;

    boolean extract = false;
    boolean forceDownload = false;

    GetFileOptions() {}

    /** Sets the name of the file on this machine; that at the end of the address if not set. */
    public GetFileOptions fname(String fname) {
        if (fname.isEmpty() || fname.contains("/") || fname.contains("\\") || fname.equals(".."))
            throw new IllegalArgumentException(
                    "fname must be the name of a file without folders, got \"" + fname + "\"");
        this.fname = fname;
        return this;
    }

    /** Sets what the file's bytes are checked against: 64 hexadecimal digits of SHA-256, or 32 of MD5. */
    public GetFileOptions fileHash(@Nullable String fileHash) {
        if (fileHash != null && !fileHash.matches("(?i)[0-9a-f]{64}|[0-9a-f]{32}"))
            throw new IllegalArgumentException(
                    "file_hash must be 64 hexadecimal digits of SHA-256 or 32 of MD5, got \"" + fileHash + "\"");
        this.fileHash = fileHash == null ? null : fileHash.toLowerCase(Locale.ROOT);
        return this;
    }

    /** Sets the folder in Keras's folder; {@code "datasets"} if not set. */
    public GetFileOptions cacheSubdir(String cacheSubdir) {
        this.cacheSubdir = cacheSubdir;
        return this;
    }

    /** Sets the folder to use instead of Keras's, {@code KERAS_HOME} or {@code ~/.keras}. */
    public GetFileOptions cacheDir(Path cacheDir) {
        this.cacheDir = cacheDir;
        return this;
    }

    /** Says whether the file is a {@code .tar}, {@code .tar.gz} or {@code .zip} archive whose content is wanted. */
    public GetFileOptions extract(boolean extract) {
        this.extract = extract;
        return this;
    }

    /** Says whether the file is downloaded even if it is there. */
    public GetFileOptions forceDownload(boolean forceDownload) {
        this.forceDownload = forceDownload;
        return this;
    }
}

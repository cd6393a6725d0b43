package org.keras4j.utils;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.KerasFileException;

/** Files from the network that are kept on this machine, as {@code keras.utils.get_file}. */
public final class Downloads {
    private static final System.Logger LOGGER = System.getLogger(Downloads.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MD5_DIGITS = 32;
    private static final int OK = 200;

    private Downloads() {}

    /**
     * Returns the file from {@code origin}, which is downloaded to {@code datasets} in Keras's folder if it is not
     * there.
     */
    public static Path getFile(String origin) {
        return getFile(origin, options -> {});
    }

    /**
     * Returns a file that is downloaded if it is not there, or is there and has another hash. It comes under its name
     * when it is whole and checked; a download that fails leaves nothing behind. Do not unpack archives that you do not
     * trust.
     *
     * @param origin an address of {@code http}, {@code https} or {@code file}
     * @return the file, or with {@code extract} the folder of what was in it
     * @throws KerasFileException if the file cannot be got; it says where it was looked for and from where it comes
     */
    public static Path getFile(String origin, Consumer<GetFileOptions> options) {
        var o = new GetFileOptions();
        options.accept(o);
        URI address = URI.create(origin);
        String name = o.fname == null ? lastPart(address) : o.fname;
        Path folder = (o.cacheDir == null ? Config.home() : o.cacheDir).resolve(o.cacheSubdir);
        if (!o.extract) {
            Path file = folder.resolve(name);
            fetch(file, address, o);
            return file;
        }
        boolean named = o.fname != null && name.contains(".");
        String stem = named ? name.substring(0, name.indexOf('.')) : name;
        Path file = folder.resolve(named ? name : name + "_archive");
        Path into = folder.resolve(named ? stem + "_extracted" : stem);
        boolean isNew = fetch(file, address, o);
        if (isNew || !Files.isDirectory(into)) Archives.extract(file, into);
        return into;
    }

    private static String lastPart(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty())
            throw new IllegalArgumentException(
                    "The address \"" + address + "\" has no name of a file at its end: expected fname");
        return name;
    }

    /** Makes the file be there, and says whether it had to be downloaded. */
    private static boolean fetch(Path file, URI origin, GetFileOptions o) {
        if (!o.forceDownload && Files.exists(file)) {
            if (o.fileHash == null || o.fileHash.equals(hash(file, o.fileHash))) return false;
            LOGGER.log(System.Logger.Level.WARNING, "{0} is incomplete or outdated; it is downloaded again", file);
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, file.getFileName() + ".", ".part");
            try {
                LOGGER.log(System.Logger.Level.INFO, "Downloading {0} to {1}", origin, file);
                download(origin, part, o.fileHash);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            return true;
        } catch (IOException e) {
            throw failed(file, origin, o.fileHash, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(file, origin, o.fileHash, e);
        }
    }

    private static void download(URI origin, Path part, @Nullable String expected)
            throws IOException, InterruptedException {
        MessageDigest digest = digest(expected);
        if ("file".equals(origin.getScheme())) {
            copy(Files.newInputStream(Path.of(origin)), part, digest);
        } else {
            try (HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build()) {
                HttpResponse<InputStream> response = client.send(
                        HttpRequest.newBuilder(origin).timeout(PATIENCE).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() != OK) {
                    response.body().close();
                    throw new IOException("HTTP status " + response.statusCode());
                }
                copy(response.body(), part, digest);
            }
        }
        String got = HexFormat.of().formatHex(digest.digest());
        if (expected != null && !expected.equals(got))
            throw new IOException("expected bytes whose " + digest.getAlgorithm() + " is " + expected + ", got " + got);
    }

    private static void copy(InputStream from, Path to, MessageDigest digest) throws IOException {
        try (InputStream in = new DigestInputStream(from, digest)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String hash(Path file, String like) {
        MessageDigest digest = digest(like);
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new KerasFileException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }

    private static MessageDigest digest(@Nullable String like) {
        try {
            return MessageDigest.getInstance(like != null && like.length() == MD5_DIGITS ? "MD5" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5 and SHA-256", e);
        }
    }

    private static KerasFileException failed(Path file, URI origin, @Nullable String hash, Exception cause) {
        return new KerasFileException(
                file.toString(),
                "",
                "is not there, and cannot be downloaded from " + origin + " (" + cause + "); get it there and put it "
                        + "under this name" + (hash == null ? "" : " (hash " + hash + ")"),
                cause);
    }
}

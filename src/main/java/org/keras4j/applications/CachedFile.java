package org.keras4j.applications;

import java.io.IOException;
import java.io.InputStream;
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
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;

/**
 * A file that is downloaded once. It comes under its name when it is whole and its hash is right, never before.
 *
 * @param hash in hexadecimal digits: 32 of MD5 or 64 of SHA-256; null if any bytes will do
 */
record CachedFile(Path file, URI origin, @Nullable String hash) {
    private static final System.Logger LOG = System.getLogger(CachedFile.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MD5_DIGITS = 32;
    private static final int OK = 200;

    /**
     * Returns the file, which is there and is what it should be.
     *
     * @throws KerasFileException if it has to be downloaded and cannot be; it names the file and the address
     */
    Path path() {
        if (Files.exists(file)) {
            if (hash == null || hash.equals(hashOfFile())) return file;
            LOG.log(System.Logger.Level.WARNING, "{0} is incomplete or outdated; it is downloaded again", file);
        }
        Path part = null;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            part = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".part");
            download(part);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw failed(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        } finally {
            delete(part);
        }
    }

    private void download(Path part) throws IOException, InterruptedException {
        LOG.log(System.Logger.Level.INFO, "Downloading {0} to {1}", origin, file);
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(origin).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            MessageDigest digest = digest();
            try (InputStream body = new DigestInputStream(response.body(), digest)) {
                if (response.statusCode() != OK) throw new IOException("HTTP status " + response.statusCode());
                Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
            }
            String got = HexFormat.of().formatHex(digest.digest());
            if (hash != null && !hash.equals(got))
                throw new IOException("expected bytes whose " + digest.getAlgorithm() + " is " + hash + ", got " + got);
        }
    }

    private String hashOfFile() {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new KerasFileException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(hash != null && hash.length() == MD5_DIGITS ? "MD5" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5 and SHA-256", e);
        }
    }

    private KerasFileException failed(String why, Exception cause) {
        return new KerasFileException(
                file.toString(),
                "",
                "is not there, and cannot be downloaded from " + origin + " (" + why
                        + "); get it there and put it under this name",
                cause);
    }

    private static void delete(@Nullable Path part) {
        try {
            if (part != null) Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be deleted: {1}", part, e.getMessage());
        }
    }
}

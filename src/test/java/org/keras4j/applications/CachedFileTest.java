package org.keras4j.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.KerasFileException;

/** Downloads from a server of its own. */
class CachedFileTest {
    private static final byte[] BYTES = "weights".getBytes(StandardCharsets.US_ASCII);
    private static final String MD5 = "63f4f1e9b725370f459720575cd5f953";
    private static final String SHA256 = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c";

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/good", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, BYTES.length);
            try (var body = exchange.getResponseBody()) {
                body.write(BYTES);
            }
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/good");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/short", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(BYTES);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private CachedFile file(String path, String hash) {
        URI origin = URI.create("http://localhost:" + server.getAddress().getPort() + path);
        return new CachedFile(folder.resolve("models/net.h5"), origin, hash);
    }

    @Test
    void aFileIsDownloadedOnce() throws IOException {
        for (String hash : new String[] {MD5, SHA256, null})
            assertEquals("weights", Files.readString(file("/good", hash).path()));
        assertEquals(1, requests.get());
    }

    @Test
    void redirectionsAreFollowed() throws IOException {
        assertEquals("weights", Files.readString(file("/moved", MD5).path()));
    }

    @Test
    void aFileOfOtherBytesIsDownloadedAgain() throws IOException {
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/net.h5"), "half a fi");
        assertEquals("weights", Files.readString(file("/good", MD5).path()));
    }

    @Test
    void wrongBytesNeverGetTheName() throws IOException {
        assertFails("/good", "0".repeat(32), "expected bytes whose MD5 is 000");
        assertFails("/good", "0".repeat(64), "expected bytes whose SHA-256 is 000");
        assertFails("/short", MD5, "");
        assertFails("/short", null, "");
        assertFails("/nothing", null, "HTTP status 404");
    }

    @Test
    void withoutAServerTheMessageSaysWhatToDo() throws IOException {
        CachedFile file = file("/good", MD5);
        server.stop(0);
        var error = assertThrows(KerasFileException.class, file::path);
        assertTrue(
                error.getMessage().startsWith(folder.resolve("models/net.h5") + ": is not there"), error.getMessage());
        assertTrue(error.getMessage().contains(file.origin().toString()), error.getMessage());
    }

    private void assertFails(String path, String hash, String reason) throws IOException {
        var error =
                assertThrows(KerasFileException.class, () -> file(path, hash).path());
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        try (Stream<Path> left = Files.list(folder.resolve("models"))) {
            assertEquals(0, left.count(), "files left behind");
        }
    }
}

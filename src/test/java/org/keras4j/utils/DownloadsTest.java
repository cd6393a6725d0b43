package org.keras4j.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.KerasFileException;

class DownloadsTest {
    private static final byte[] DATA = "some data".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path cache;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private String root;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/data.bin", DATA);
        server.start();
        root = "http://localhost:" + server.getAddress().getPort();
    }

    private void serve(String path, byte[] content) {
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String hash(String algorithm, byte[] data) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(data));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(cache)) {
            return walk.filter(Files::isRegularFile)
                    .map(p -> cache.relativize(p).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void downloadsOnce() throws IOException, NoSuchAlgorithmException {
        String md5 = hash("MD5", DATA);
        Path file = Downloads.getFile(root + "/data.bin?v=1", o -> o.cacheDir(cache));
        assertEquals(cache.resolve("datasets").resolve("data.bin"), file);
        assertEquals(
                file,
                Downloads.getFile(root + "/data.bin", o -> o.cacheDir(cache).fileHash(md5)));
        assertEquals(1, requests.get());
        Files.writeString(file, "spoiled");
        String sha = hash("SHA-256", DATA);
        Downloads.getFile(root + "/data.bin", o -> o.cacheDir(cache).fileHash(sha));
        assertEquals(2, requests.get());
        assertEquals("some data", Files.readString(file));
        Downloads.getFile(root + "/data.bin", o -> o.cacheDir(cache).forceDownload(true));
        assertEquals(3, requests.get());
    }

    @Test
    void whatFailsLeavesNothingAndSaysWhatToDo() throws IOException {
        var missing = assertThrows(
                KerasFileException.class, () -> Downloads.getFile(root + "/none.npz", o -> o.cacheDir(cache)));
        assertTrue(
                missing.getMessage().contains("404") && missing.getMessage().contains("none.npz"),
                missing.getMessage());
        String wrong = "0".repeat(64);
        var corrupt = assertThrows(
                KerasFileException.class,
                () -> Downloads.getFile(
                        root + "/data.bin", o -> o.cacheDir(cache).fileHash(wrong)));
        assertTrue(corrupt.getMessage().contains(wrong), corrupt.getMessage());
        assertEquals(List.of(), files());
        assertThrows(IllegalArgumentException.class, () -> Downloads.getFile(root + "/", o -> o.cacheDir(cache)));
        assertThrows(IllegalArgumentException.class, () -> new GetFileOptions().fname("../x"));
        assertThrows(IllegalArgumentException.class, () -> new GetFileOptions().fileHash("abc"));
    }

    @Test
    void unpacksZipAndTar() throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("in/a.txt"));
            out.write(DATA);
        }
        serve("/z.zip", zip.toByteArray());
        Path folder = Downloads.getFile(
                root + "/z.zip", o -> o.fname("pack.zip").cacheDir(cache).extract(true));
        assertEquals(cache.resolve("datasets").resolve("pack_extracted"), folder);
        assertEquals("some data", Files.readString(folder.resolve("in/a.txt")));
        var tar = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(tar)) {
            member(out, "t/", '5', new byte[0]);
            member(out, "t/b.txt", '0', DATA);
            out.write(new byte[1024]);
        }
        serve("/t.tar.gz", tar.toByteArray());
        Path named = Downloads.getFile(
                root + "/t.tar.gz",
                o -> o.fname("batches-target").cacheDir(cache).extract(true));
        assertEquals(cache.resolve("datasets").resolve("batches-target"), named);
        assertEquals("some data", Files.readString(named.resolve("t/b.txt")));
        assertTrue(files().contains("datasets/batches-target_archive"));
    }

    @Test
    void unpacksNothingOutside() throws IOException {
        var tar = new ByteArrayOutputStream();
        member(tar, "../../evil.txt", '0', DATA);
        serve("/evil.tar", tar.toByteArray());
        assertThrows(
                KerasFileException.class,
                () -> Downloads.getFile(
                        root + "/evil.tar", o -> o.cacheDir(cache).extract(true)));
        assertFalse(files().stream().anyMatch(f -> f.endsWith("evil.txt")));
        serve("/no.tar", DATA);
        assertThrows(
                KerasFileException.class,
                () -> Downloads.getFile(root + "/no.tar", o -> o.cacheDir(cache).extract(true)));
    }

    private static void member(OutputStream out, String name, char type, byte[] data) throws IOException {
        var head = new byte[512];
        put(head, 0, name);
        put(head, 100, "0000644");
        put(head, 124, "%011o".formatted(data.length));
        head[156] = (byte) type;
        put(head, 257, "ustar");
        put(head, 263, "00");
        Arrays.fill(head, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : head) sum += b & 0xff;
        put(head, 148, "%06o".formatted(sum) + "\0 ");
        out.write(head);
        out.write(Arrays.copyOf(data, (data.length + 511) / 512 * 512));
    }

    private static void put(byte[] head, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, head, at, bytes.length);
    }
}

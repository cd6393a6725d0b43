package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.BinaryCache;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.OutOfDeviceMemoryException;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Sources;

/** The device itself, whichever is here; 64 MiB of its memory. */
class OpenClDeviceTest {
    private static final long LIMIT = 64 << 20;

    @TempDir
    private Path folder;

    private DeviceInfo info;
    private OpenClDevice device;

    @BeforeEach
    void open() {
        try {
            info = DeviceChoice.of(Platforms.devices(), DeviceChoice.wanted()).device();
        } catch (BackendUnavailableException e) {
            abort("No OpenCL here: " + e.getMessage());
        }
        device = open(LIMIT);
    }

    private OpenClDevice open(long limit) {
        return new OpenClDevice(info, limit, new BinaryCache(folder, "test", 1 << 30));
    }

    @AfterEach
    void close() {
        if (device != null) device.close();
    }

    private static int[] numbers(int count) {
        return new Random(count).ints(count).toArray();
    }

    private int[] read(Buffer from, int count) {
        int[] to = new int[count];
        device.read(from, 0, MemorySegment.ofArray(to));
        return to;
    }

    private static final Source COUNT = Sources.generated(Dialect.OPENCL, "count", """
                KERNEL GROUP_SIZE(1, 1, 1) void count(BUFFER(int, out), int rounds) {
                    OPEN(int, out);
                    uint x = (uint) out[0];
                    for (int i = 0; i < rounds; i++) x = x * 1664525u + 1013904223u;
                    out[0] = (int) x;
                }
                """);

    /** A kernel that keeps the device busy for long, and writes what it counted to. */
    private Kernel busy(Buffer to) {
        return device.compile(COUNT).bind("count", Grid.of(1, 1), new Argument.Place(to, 0), Argument.of(50_000_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, Staging.SLOT_BYTES / 4, Staging.SLOT_BYTES / 4 * 18 + 3})
    void writesArriveWhetherTheDeviceIsBusyOrNot(int count) {
        int[] values = numbers(count);
        Buffer idle = device.allocate(4L * count);
        device.write(MemorySegment.ofArray(values), idle, 0);
        assertArrayEquals(values, read(idle, count));

        Kernel work = busy(device.allocate(4));
        Buffer to = device.allocate(4L * count);
        work.run();
        int[] changing = values.clone();
        device.write(MemorySegment.ofArray(changing), to, 0);
        Arrays.fill(changing, 0);
        assertArrayEquals(values, read(to, count));
    }

    @Test
    void aWriteDoesNotWaitForTheDevice() {
        Kernel work = busy(device.allocate(4));
        Buffer to = device.allocate(400);
        work.run();
        device.finish();
        long start = System.nanoTime();
        work.run();
        device.finish();
        long alone = System.nanoTime() - start;
        work.run();
        start = System.nanoTime();
        device.write(MemorySegment.ofArray(new int[100]), to, 0);
        long waited = System.nanoTime() - start;
        device.finish();
        assertTrue(waited < alone / 2, () -> "waited " + waited + " ns beside a kernel of " + alone + " ns");
    }

    @Test
    void rowsAreGathered() {
        int[] values = numbers(300_000);
        int[] rows = new Random(1).ints(900, 0, 300).toArray();
        int[] expected = new int[900 * 1000];
        for (int i = 0; i < 900; i++) System.arraycopy(values, rows[i] * 1000, expected, i * 1000, 1000);
        Buffer to = device.allocate(4L * expected.length);
        device.writeRows(MemorySegment.ofArray(values), 4000, rows, 900, to, 0);
        assertArrayEquals(expected, read(to, expected.length));
        busy(device.allocate(4)).run();
        device.clear(to, 0, 4L * expected.length);
        device.writeRows(MemorySegment.ofArray(values), 4000, rows, 900, to, 0);
        assertArrayEquals(expected, read(to, expected.length));
    }

    @Test
    void freedMemoryIsUsedAgain() {
        device.free(device.allocate(10 << 20));
        long held = device.heap().held();
        for (int i = 0; i < 100; i++) device.free(device.allocate(10 << 20));
        assertEquals(held, device.heap().held());
    }

    @Test
    void theErrorOfFullMemorySaysWhatIsAskedHeldAndFree() {
        List<Buffer> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) all.add(device.allocate(10 << 20));
        String message = assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(20 << 20))
                .getMessage();
        assertTrue(message.contains(info.name()) && message.contains("asked for 20 MiB"), message);
        assertTrue(message.matches("(?s).*held 6[0-3] MiB, free .*"), message);
        Buffer still = all.getFirst();
        device.write(MemorySegment.ofArray(new int[] {7}), still, 0);
        assertEquals(7, read(still, 1)[0], "what was there stays");
    }

    @Test
    void thePoolIsEmptiedBeforeMemoryIsOut() {
        List<Buffer> small = new ArrayList<>();
        for (int i = 0; i < 15; i++) small.add(device.allocate(1 << 20));
        small.forEach(device::free);
        assertTrue(device.heap().pooled() >= 15 << 20);
        device.free(device.allocate(60 << 20));
        assertTrue(device.heap().held() <= LIMIT);
    }

    @Test
    void memoryThatNobodyRefersToIsFoundBeforeMemoryIsOut() {
        for (int i = 0; i < 20; i++) device.allocate(20 << 20);
        assertTrue(device.heap().held() <= LIMIT);
    }

    @Test
    void buffersLargerThanTheDeviceAllowsAreRefusedByName() {
        long asked = info.maxAllocation() + 1;
        String message = assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(asked))
                .getMessage();
        assertTrue(
                message.contains("largest that the device allows is " + (info.maxAllocation() >> 20) + " MiB"),
                message);
    }

    private static final Source BROKEN = Sources.generated(
            Dialect.OPENCL, "broken", "KERNEL void f(BUFFER(float, x)) { OPEN(float, x); x[0] = undeclared; }");

    @Test
    void theErrorOfABrokenKernelHasTheLinesThatMatter() {
        String message = assertThrows(KernelCompilationException.class, () -> device.compile(BROKEN))
                .getMessage();
        assertTrue(message.contains("\"broken\"") && message.contains("undeclared"), message);
        assertTrue(message.lines().count() < 12, message);
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        var program = device.compile(Sources.generated(Dialect.OPENCL, "one", "KERNEL void one(int x) {}"));
        String message = assertThrows(IllegalStateException.class, () -> program.bind("two", Grid.of(1, 1)))
                .getMessage();
        assertTrue(message.contains("two") && message.contains("no such kernel"), message);
    }

    private List<Path> binaries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private int counted() {
        Buffer to = device.allocate(4);
        device.write(MemorySegment.ofArray(new int[] {5}), to, 0);
        busy(to).run();
        return read(to, 1)[0];
    }

    @Test
    void programsAreKept() throws IOException {
        int expected = counted();
        assertEquals(1, binaries().size());
        device.close();
        device = open(LIMIT);
        assertEquals(expected, counted(), "from the binary");
        assertEquals(1, binaries().size());
    }

    @Test
    void whatTheDriverDoesNotTakeIsCompiledAnew() throws IOException {
        byte[] wrong = "no program".getBytes(StandardCharsets.UTF_8);
        new BinaryCache(folder, "test", 1 << 30).put(COUNT, Compiler.options(info), wrong);
        long size = Files.size(binaries().getFirst());
        counted();
        assertTrue(Files.size(binaries().getFirst()) > size, "the file was replaced");
    }
}

package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Recording;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.DeviceLostException;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.OutOfDeviceMemoryException;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Sources;

/** What the device does beside computing, on the stand-ins. */
class CudaDeviceStandInTest {
    private static final String TWICE = """
            KERNEL GROUP_SIZE(64, 1, 1) void twice(BUFFER(float, x), const int n, const long step) {
                OPEN(float, x);
                LOCAL float kept[64];
                int at = (int) get_local_id(0);
                long i = get_group_id(0) * 64 + at;
                kept[63 - at] = i < n ? x[i] : 0.0f;
                BARRIER();
                if (i < n) x[i] = kept[63 - at] * 2.0f + (float) step;
            }
            """;

    private CudaDevice device;

    @BeforeEach
    void open() {
        device = StandIns.device();
    }

    @AfterEach
    void close() {
        if (device != null) device.close();
    }

    private float[] numbers(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = i + 1;
        return x;
    }

    private Kernel twice(Buffer buffer, int n) {
        Program program = device.compile(Sources.generated(Dialect.CUDA, "twice", TWICE));
        return program.bind(
                "twice", Grid.covering(n, 64), new Argument.Place(buffer, 2), Argument.of(n), Argument.of(3L));
    }

    private float[] read(Buffer buffer, int n) {
        float[] x = new float[n];
        device.read(buffer, 0, MemorySegment.ofArray(x));
        return x;
    }

    @Test
    void launchesWithOffsetsAndBarriers() {
        Buffer buffer = device.allocate(4 * 102);
        device.write(MemorySegment.ofArray(numbers(102)), buffer, 0);
        twice(buffer, 100).run();
        float[] expected = numbers(102);
        for (int i = 2; i < 102; i++) expected[i] = expected[i] * 2 + 3;
        assertArrayEquals(expected, read(buffer, 102));
    }

    @Test
    void copiesMoreThanTheStagingMemoryHolds() {
        int n = (18 << 20) / 4 + 5;
        Buffer buffer = device.allocate(4L * n);
        device.write(MemorySegment.ofArray(numbers(n)), buffer, 0);
        assertArrayEquals(numbers(n), read(buffer, n));
    }

    @Test
    void largeInputsAreOnTheirWayWhileKernelsOfTheStepBeforeRun() {
        int n = (40 << 20) / 4 + 5;
        Buffer input = device.allocate(4L * n);
        Buffer seen = device.allocate(4L * n);
        float[] old = numbers(n);
        device.write(MemorySegment.ofArray(old), input, 0);
        device.finish();
        device.copy(input, 0, seen, 0, 4L * n).run();
        int before = StandIns.ask("standin_ran");
        float[] fresh = new float[n];
        for (int i = 0; i < n; i++) fresh[i] = -i;
        device.write(MemorySegment.ofArray(fresh), input, 0);
        assertEquals(before, StandIns.ask("standin_ran"), "the host has waited for the device");
        assertArrayEquals(fresh, read(input, n));
        assertArrayEquals(old, read(seen, n), "the step before has got the next one's input");
    }

    @Test
    void withoutRoomToLandLargeInputsAreCopiedInTurn() {
        int n = (20 << 20) / 4;
        Buffer buffer = device.allocate(4L * n);
        StandIns.ask("standin_room", 6 << 20);
        try {
            device.write(MemorySegment.ofArray(numbers(n)), buffer, 0);
            assertArrayEquals(numbers(n), read(buffer, n));
        } finally {
            StandIns.ask("standin_limit", 8L << 30);
        }
    }

    @Test
    void gathersRows() {
        Buffer buffer = device.allocate(4 * 9);
        device.writeRows(MemorySegment.ofArray(numbers(30)), 12, new int[] {7, 0, 1, 5}, 3, buffer, 0);
        assertArrayEquals(new float[] {22, 23, 24, 1, 2, 3, 4, 5, 6}, read(buffer, 9));
    }

    @Test
    void saysHowMuchMemoryWasAskedForAndIsLeft() {
        StandIns.ask("standin_room", 64L << 20);
        try {
            Buffer held = device.allocate(40 << 20);
            var e = assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(30 << 20));
            assertTrue(e.getMessage().contains("asked for 30 MiB, held 40 MiB, free 24 MiB"), e.getMessage());
            device.free(held);
            device.free(device.allocate(30 << 20));
        } finally {
            StandIns.ask("standin_limit", 8L << 30);
        }
    }

    @Test
    void aLostDeviceReportsOnceAndCanBeOpenedAgain() {
        StandIns.ask("standin_fail", 700);
        var lost = assertThrows(DeviceLostException.class, device::finish);
        assertTrue(lost.getMessage().contains("illegal memory access"), lost.getMessage());
        var later = assertThrows(IllegalStateException.class, device::finish);
        assertTrue(later.getMessage().contains("was lost earlier"), later.getMessage());
        device.close();
        device = StandIns.device();
        Buffer buffer = device.allocate(16);
        device.write(MemorySegment.ofArray(numbers(4)), buffer, 0);
        assertArrayEquals(numbers(4), read(buffer, 4));
    }

    /** Runs a kernel on eight floats and returns what is said of the device that was lost by it. */
    private String lossBy(String name, String statement) {
        String body = "KERNEL GROUP_SIZE(1, 1, 1) void " + name + "(BUFFER(float, x), const int n) { OPEN(float, x); "
                + statement + " }";
        Buffer buffer = device.allocate(32);
        Program program = device.compile(Sources.generated(Dialect.CUDA, name, body));
        program.bind(name, Grid.of(1, 1), new Argument.Place(buffer, 0), Argument.of(8))
                .run();
        return assertThrows(DeviceLostException.class, device::finish).getMessage();
    }

    @Test
    void aKernelThatReadsBehindItsMemoryLosesTheDevice() {
        String said = lossBy("beyond", "x[0] = x[n];");
        assertTrue(said.contains("illegal memory access"), said);
    }

    @Test
    void aKernelThatReadsVectorsAtAnyPlaceLosesTheDevice() {
        String said = lossBy("askew", "float v[4]; LOAD4(float, v, x + n - 7); x[0] = v[0];");
        assertTrue(said.contains("misaligned address"), said);
    }

    @Test
    void aKernelThatDoesNotCompileShowsTheCompilersLines() {
        var source = Sources.generated(Dialect.CUDA, "wrong", "KERNEL void wrong(BUFFER(float, x)) { nonsense; }");
        var e = assertThrows(KernelCompilationException.class, () -> device.compile(source));
        assertTrue(e.getMessage().contains("nonsense") && e.getMessage().contains("\"wrong\""), e.getMessage());
    }

    @Test
    void recordedKernelsRunWhenTheRecordingDoes() {
        Buffer buffer = device.allocate(4 * 12);
        device.write(MemorySegment.ofArray(new float[12]), buffer, 0);
        Kernel kernel = twice(buffer, 10);
        Optional<Recording> recording =
                device.record(() -> List.of(kernel, kernel).forEach(Kernel::run));
        assertEquals(0, read(buffer, 12)[5], "recording computes nothing");
        int graphs = StandIns.ask("standin_graph_launches");
        recording.orElseThrow().run();
        recording.orElseThrow().run();
        assertEquals(graphs + 2, StandIns.ask("standin_graph_launches"));
        assertEquals(((3f * 2 + 3) * 2 + 3) * 2 + 3, read(buffer, 12)[5]);
        recording.orElseThrow().close();
    }

    @Test
    void whatReadsTheDeviceIsNotRecorded() {
        Buffer buffer = device.allocate(16);
        assertTrue(device.record(() -> read(buffer, 4)).isEmpty());
        assertTrue(device.record(() -> device.allocate(16)).isEmpty());
        assertEquals(4, read(buffer, 4).length, "the device goes on");
    }

    @Test
    void afterAnErrorWhileRecordingTheNextRecordingIsMade() {
        Buffer buffer = device.allocate(4 * 12);
        assertThrows(
                StackOverflowError.class,
                () -> device.record(() -> {
                    throw new StackOverflowError();
                }));
        assertTrue(device.record(twice(buffer, 10)).isPresent());
    }

    @Test
    void aDeviceThatIsLostWhileRecordingSaysSo() {
        Kernel kernel = twice(device.allocate(4 * 12), 10);
        assertThrows(
                DeviceLostException.class,
                () -> device.record(() -> {
                    StandIns.ask("standin_fail", 700);
                    kernel.run();
                }));
    }

    @Test
    void withoutMemoryForAGraphKernelsRunOneByOne() {
        Buffer buffer = device.allocate(4 * 12);
        StandIns.ask("standin_graph_refusal", 2);
        try {
            assertTrue(device.record(twice(buffer, 10)).isEmpty());
        } finally {
            StandIns.ask("standin_graph_refusal", 0);
        }
        assertTrue(device.record(twice(buffer, 10)).isPresent(), "the device goes on");
    }

    @Test
    void virtualThreadsUseTheDeviceWhicheverThreadCarriesThem() throws InterruptedException {
        int n = (5 << 20) / 4;
        List<Thread> threads = new ArrayList<>();
        List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 12; i++) {
            float number = i;
            threads.add(Thread.ofVirtual().unstarted(() -> {
                float[] x = new float[n];
                Arrays.fill(x, number);
                Buffer buffer = device.allocate(4L * n);
                for (int round = 0; round < 3; round++) device.write(MemorySegment.ofArray(x), buffer, 0);
                assertArrayEquals(x, read(buffer, n));
                assertTrue(device.record(() -> device.clear(buffer, 0, 4)).isEmpty(), "no graphs");
                device.free(buffer);
            }));
            threads.getLast().setUncaughtExceptionHandler((thread, e) -> wrong.add(e));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) thread.join();
        assertEquals(List.of(), wrong);
    }

    @Test
    void otherThreadsGoOnWhileOneRecords() throws InterruptedException {
        Buffer buffer = device.allocate(4 * 6);
        device.write(MemorySegment.ofArray(new float[6]), buffer, 0);
        Kernel kernel = twice(buffer, 4);
        Optional<Recording> recording = device.record(() -> {
            Thread other = new Thread(kernel::run);
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(3, read(buffer, 6)[3], "the other thread's kernel ran at once");
        recording.orElseThrow().run();
        assertEquals(3, read(buffer, 6)[3], "and is not in the recording");
    }
}

package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.OutOfDeviceMemoryException;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** What options and devices change, on the stand-ins: measuring, determinism, no memory pools. */
class OptionsStandInTest {
    private static final CudaOptions MEASURED = new CudaOptions(0, false, true, false, true);

    @TempDir
    Path folder;

    private TuningCache choices() {
        return new TuningCache(folder, "stand-in");
    }

    private static NDArray numbers(Shape shape) {
        float[] x = new float[shape.size()];
        for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(0.7 * i);
        return NDArray.of(shape, x);
    }

    private static View put(Backend backend, NDArray x) {
        var view = new View(backend.allocate(x.dtype().storage(), x.size()), 0, x.shape(), x.dtype());
        backend.upload(x, view);
        return view;
    }

    /** Runs what {@code prepare} makes for {@code out} and returns the result. */
    private static NDArray result(Backend backend, Shape out, Function<View, Kernel> prepare) {
        View view = put(backend, NDArray.zeros(DType.FLOAT32, out));
        prepare.apply(view).run();
        NDArray result = NDArray.zeros(DType.FLOAT32, out);
        backend.download(view, result);
        return result;
    }

    /** Returns the results of a product, a convolution, a pooling and a softmax. */
    private static List<NDArray> results(Backend backend) {
        View a = put(backend, numbers(Shape.of(5, 7)));
        View b = put(backend, numbers(Shape.of(7, 6)));
        View x = put(backend, numbers(Shape.of(2, 6, 6, 3)));
        View w = put(backend, numbers(Shape.of(3, 3, 3, 4)));
        var two = Ints.of(2, 2);
        var ones = Ints.of(1, 1);
        var zeros = Ints.of(0, 0);
        var plain = new Window(ones, ones, zeros, zeros, 1);
        var halves = new Window(two, ones, zeros, zeros, 1);
        List<NDArray> all = new ArrayList<>();
        all.add(result(backend, Shape.of(5, 6), out -> backend.dot(new Op.Dot(false, false), a, b, out)));
        all.add(result(backend, Shape.of(2, 4, 4, 4), out -> backend.conv(new Op.Conv(plain), x, w, out)));
        all.add(result(
                backend,
                Shape.of(2, 3, 3, 3),
                out -> backend.pool(new Op.Pool(Op.Reduction.MAX, two, halves), x, out)));
        all.add(result(
                backend,
                Shape.of(5, 7),
                out -> backend.fused(new Fusion.Softmax(), List.of(a), List.of(out))
                        .orElseThrow()));
        return all;
    }

    /** Returns the results with the usual options, which the contract is for. */
    private static List<NDArray> usual() {
        try (Backend cuda = StandIns.open()) {
            return results(cuda);
        }
    }

    private static void assertClose(List<NDArray> expected, List<NDArray> got) {
        for (int i = 0; i < expected.size(); i++)
            for (int j = 0; j < expected.get(i).size(); j++)
                assertEquals(expected.get(i).get(j), got.get(i).get(j), 1e-5, "element " + j + " of result " + i);
    }

    /** Returns the kept lines of problems whose names begin with {@code start}. */
    private List<String> kept(String start) throws IOException {
        return Files.readAllLines(choices().file()).stream()
                .filter(line -> line.startsWith(start))
                .toList();
    }

    @Test
    void whatWasMeasuredOnceIsKept() throws IOException {
        List<NDArray> expected = usual();
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            assertClose(expected, results(cuda));
        }
        String first = Files.readString(choices().file());
        for (String start : List.of("dot (5, 7) (7, 6)", "conv forward", "Pool", "Softmax"))
            assertEquals(1, kept(start).size(), first);
        int launches;
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            int before = StandIns.ask("standin_launches") + StandIns.ask("standin_library_calls");
            assertClose(expected, results(cuda));
            launches = StandIns.ask("standin_launches") + StandIns.ask("standin_library_calls") - before;
        }
        // the convolution's kernel is transposed; nothing is launched to be measured
        assertEquals(5, launches, first);
        assertEquals(first, Files.readString(choices().file()));
    }

    @Test
    void whatIsKeptIsTaken() throws IOException {
        List<NDArray> expected = usual();
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            results(cuda);
        }
        String text = Files.readString(choices().file());
        for (String winner : List.of("ours", "cudnn")) {
            Files.writeString(choices().file(), text.replaceAll("\t(ours|cudnn)\n", "\t" + winner + "\n"));
            try (Backend cuda = StandIns.open(MEASURED, choices())) {
                int before = StandIns.ask("standin_library_calls");
                assertClose(expected, results(cuda));
                int calls = StandIns.ask("standin_library_calls") - before;
                assertEquals(winner.equals("ours") ? 2 : 4, calls, "product and convolution are always the libraries'");
            }
        }
    }

    @Test
    void whatIsKeptAndNoLongerUnderstoodIsMeasuredAgain() throws IOException {
        List<NDArray> expected = usual();
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            results(cuda);
        }
        String text = Files.readString(choices().file());
        Files.writeString(choices().file(), text.replaceAll("\t.*\n", "\tsomething else\n"));
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            assertClose(expected, results(cuda));
        }
        assertTrue(
                kept("dot").getFirst().matches(".*\t[0-9a-f]{128}"), kept("dot").getFirst());
        assertTrue(
                kept("Pool").getFirst().matches(".*\t(ours|cudnn)"),
                kept("Pool").getFirst());
        // an algorithm of another version of the library, which it refuses
        Files.writeString(choices().file(), text.replaceAll("\t[0-9a-f]{128}\n", "\t" + "5".repeat(128) + "\n"));
        try (Backend cuda = StandIns.open(MEASURED, choices())) {
            assertClose(expected, results(cuda));
        }
        assertTrue(!kept("dot").getFirst().endsWith("5".repeat(128)), "it was measured again");
    }

    @Test
    void deterministicAlgorithmsAloneAndNoMeasuring() {
        var deterministic = new CudaOptions(0, false, false, true, true);
        try (Backend cuda = StandIns.open(deterministic, null)) {
            assertClose(usual(), results(cuda));
        }
    }

    @Test
    void aDeviceWithoutMemoryPoolsWaitsBeforeItFrees() {
        CudaDevice device = StandIns.device(facts -> new DeviceFacts(
                facts.ordinal(),
                facts.device(),
                facts.name(),
                facts.capability(),
                facts.driverVersion(),
                false,
                facts.units(),
                facts.maxGroup(),
                facts.localBytes(),
                facts.memoryBytes()));
        StandIns.ask("standin_room", 64L << 20);
        try {
            for (int i = 0; i < 5; i++) {
                Buffer buffer = device.allocate(40 << 20);
                device.write(MemorySegment.ofArray(new float[] {i, 2}), buffer, 0);
                float[] back = new float[2];
                device.read(buffer, 0, MemorySegment.ofArray(back));
                assertEquals(i, back[0]);
                device.free(buffer);
            }
            Buffer held = device.allocate(40 << 20);
            var e = assertThrows(OutOfDeviceMemoryException.class, () -> device.allocate(30 << 20));
            assertTrue(e.getMessage().contains("held 40 MiB, free 24 MiB"), e.getMessage());
            device.free(held);
        } finally {
            StandIns.ask("standin_limit", 8L << 30);
            device.close();
        }
    }
}

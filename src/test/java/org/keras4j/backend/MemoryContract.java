package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Memory, transfers, and use from several threads. */
interface MemoryContract extends Contract {
    @Test
    default void saysItsNameAndDevice() {
        assertTrue(backend().name().matches("[a-z]+"), backend().name());
        assertFalse(backend().describe().isBlank());
    }

    @Test
    default void persistentMemoryIsZeroedAndKnowsItsVersion() {
        for (DType dtype : DType.values()) {
            Storage storage = backend().storage(dtype);
            try (Memory memory = backend().allocatePersistent(storage, 257);
                    Memory frame = backend().allocate(storage, 257)) {
                assertTrue(memory.isPersistent());
                assertFalse(frame.isPersistent());
                assertEquals(257, memory.elements());
                assertEquals(storage, memory.storage());
                NDArray content = NDArray.full(dtype, Shape.of(257), 1);
                backend().download(new View(memory, 0, content.shape(), dtype), content);
                assertEquals(NDArray.zeros(dtype, content.shape()), content);
                int version = memory.version();
                memory.touch();
                assertTrue(memory.version() > version);
            }
        }
    }

    @Test
    default void uploadsAndDownloadsEveryDtypeUnchanged() {
        for (DType dtype : DType.values())
            for (int n : Samples.SIZES) {
                NDArray array = Samples.random(dtype, Shape.of(n), n);
                Closeness.assertSame("upload, download", array, bench().get("download", bench().put(array)));
            }
        NDArray longs = NDArray.of(Shape.of(3), Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1);
        Closeness.assertSame("upload, download", longs, bench().get("download", bench().put(longs)));
        NDArray special = Samples.of(DType.FLOAT32, -0.0, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Double.NaN);
        Closeness.assertSame("upload, download", special, bench().get("download", bench().put(special)));
    }

    @Test
    default void transfersOfAnotherSizeOrDtypeAreRefused() {
        View view = bench().room(DType.FLOAT32, Shape.of(4));
        assertThrows(
                IllegalArgumentException.class,
                () -> backend().upload(NDArray.zeros(DType.FLOAT32, Shape.of(5)), view));
        assertThrows(
                IllegalArgumentException.class, () -> backend().upload(NDArray.zeros(DType.INT32, Shape.of(4)), view));
        assertThrows(
                IllegalArgumentException.class,
                () -> backend().download(view, NDArray.zeros(DType.FLOAT32, Shape.of(3))));
    }

    @Test
    default void uploadsRowsInTheOrderAsked() {
        for (DType dtype :
                List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16, DType.UINT8, DType.INT64, DType.FLOAT64)) {
            NDArray from = Samples.random(dtype, Shape.of(11, 3, 5), 1);
            int[] rows = {10, 0, 3, 3, 7};
            View to = bench().room(dtype, Shape.of(5, 3, 5));
            backend().uploadRows(from, rows, 5, to);
            Closeness.assertSame("uploadRows", from.rows(rows), bench().get("uploadRows", to));
            backend().uploadRows(from, new int[] {1, 2, 4}, 2, to);
            NDArray after = from.rows(new int[] {1, 2, 3, 3, 7});
            Closeness.assertSame("uploadRows of fewer rows", after, bench().get("uploadRows", to));
        }
    }

    @Test
    default void copiesBetweenViews() {
        for (DType dtype : DType.values()) {
            NDArray x = Samples.random(dtype, Shape.of(3, 37), 4);
            View from = bench().put(x);
            Closeness.assertSame(
                    "copy",
                    x.reshape(Shape.of(111)),
                    bench().run("copy", dtype, Shape.of(111), out -> backend().copy(from, out)));
        }
    }

    @Test
    default void kernelsReadWhatIsThereWhenTheyRun() {
        View a = bench().put(Samples.random(Shape.of(33, 17), 1));
        View b = bench().put(Samples.random(Shape.of(17, 9), 2));
        View out = bench().room(DType.FLOAT32, Shape.of(33, 9));
        Kernel dot = backend().dot(new Op.Dot(false, false), a, b, out);
        dot.run();
        NDArray first = bench().get("dot", out);
        NDArray x = Samples.random(Shape.of(17, 9), 2);
        for (int i = 0; i < x.size(); i++) x.set(i, x.get(i) * -2);
        backend().upload(x, b);
        dot.run();
        for (int i = 0; i < first.size(); i++) first.set(i, first.get(i) * -2);
        Closeness.assertSame("dot after its input changed", first, bench().get("dot", out));
    }

    /** A backend may pack a persistent operand, but must notice {@link Memory#touch}. */
    @Test
    default void persistentOperandsMayChangeWithATouch() {
        NDArray w = Samples.random(Shape.of(65, 47), 2);
        try (Memory memory = backend().allocatePersistent(Storage.FLOAT, w.size())) {
            View a = bench().put(Samples.random(Shape.of(35, 65), 1));
            View b = new View(memory, 0, w.shape(), DType.FLOAT32);
            View out = bench().room(DType.FLOAT32, Shape.of(35, 47));
            Kernel dot = backend().dot(new Op.Dot(false, false), a, b, out);
            backend().upload(w, b);
            memory.touch();
            dot.run();
            NDArray first = bench().get("dot", out);
            for (int i = 0; i < w.size(); i++) w.set(i, w.get(i) * 4);
            backend().upload(w, b);
            memory.touch();
            dot.run();
            for (int i = 0; i < first.size(); i++) first.set(i, first.get(i) * 4);
            Closeness.assertSame("dot after its weights changed", first, bench().get("dot", out));
        }
    }

    @Test
    default void severalThreadsPrepareAndRunAtOnce() throws Exception {
        List<Callable<Void>> callers = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int seed = t;
            callers.add(() -> {
                for (int round = 0; round < 5; round++) useAlone(seed * 100 + round);
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(callers)) done.get();
        }
    }

    private void useAlone(int seed) {
        int n = seed % 5 == 4 ? 700 : 41 + seed % 7; // the greater ones are worth several threads each
        NDArray a = Samples.random(Shape.of(n, 53), seed);
        NDArray b = Samples.random(Shape.of(53, 29), seed + 1);
        View x = bench().put(a);
        View y = bench().put(b);
        NDArray product = bench().run(
                        "dot in threads",
                        DType.FLOAT32,
                        Shape.of(n, 29),
                        out -> backend().dot(new Op.Dot(false, false), x, y, out));
        Closeness.assertSums("dot in threads", DotContract.product(a, b, false, false), product, 53, 1);
        NDArray sum = evaluate(
                "add in threads",
                a.shape(),
                List.of(new Expression.Load(0, DType.FLOAT32), new Expression.Apply2(Binary.ADD, 0, 0, DType.FLOAT32)),
                a);
        NDArray twice = a.copy();
        for (int i = 0; i < a.size(); i++) twice.set(i, 2 * a.get(i));
        Closeness.assertSame("add in threads", twice, sum);
    }
}

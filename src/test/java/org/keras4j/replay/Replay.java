package org.keras4j.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.KerasTensor;
import org.keras4j.saving.archive.Json;
import org.keras4j.serialization.Registry;

/** Reads cases recorded from real Keras, which lie outside of the repository. */
final class Replay {
    private static final List<Path> PLACES =
            List.of(Path.of("../shared/conformance/replay"), Path.of("../../shared/conformance/replay"));

    private final Path folder;
    private final ByteBuffer arrays;

    private Replay(Path folder) throws IOException {
        this.folder = folder;
        this.arrays = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("arrays.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns a test for each case of a category; skips where the cases are absent. */
    static Stream<DynamicTest> tests(String category, Consumer<Map<String, Object>> test) {
        Path folder = PLACES.stream()
                .map(p -> p.resolve(category))
                .filter(p -> Files.exists(p.resolve("cases.jsonl")))
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(folder != null, "no recorded cases at " + PLACES);
        try {
            return new Replay(folder).cases(test);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<DynamicTest> cases(Consumer<Map<String, Object>> test) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("cases.jsonl"))) {
            Map<String, Object> raw = Json.parseObject(line, "cases.jsonl", "");
            Map<String, Object> read = new LinkedHashMap<>();
            raw.forEach((k, v) -> read.put(k, k.equals("config") ? v : decode(v)));
            tests.add(DynamicTest.dynamicTest(String.valueOf(raw.get("id")), () -> test.accept(read)));
        }
        return tests.stream();
    }

    private Object decode(Object value) {
        return switch (value) {
            case Map<?, ?> m when m.containsKey("$tuple") -> decode(m.get("$tuple"));
            case Map<?, ?> m
            when m.containsKey("$float") ->
                switch ((String) m.get("$float")) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    default -> Double.NEGATIVE_INFINITY;
                };
            case Map<?, ?> m
            when m.containsKey("$tensor") -> {
                Tensor t = Tensor.of(array((Map<?, ?>) m.get("$tensor")));
                yield m.get("$mask") instanceof Map<?, ?> mask ? t.mask(Tensor.of(array(mask))) : t;
            }
            case Map<?, ?> m when m.containsKey("$symbolic") -> symbolic((Map<?, ?>) m.get("$symbolic"));
            case Map<?, ?> m -> {
                Map<Object, Object> out = new LinkedHashMap<>();
                m.forEach((k, v) -> out.put(k, decode(v)));
                yield out;
            }
            case List<?> list -> {
                List<Object> out = new ArrayList<>();
                for (Object o : list) out.add(decode(o));
                yield out;
            }
            case null, default -> value;
        };
    }

    private static KerasTensor symbolic(Map<?, ?> spec) {
        List<Number> dims = new ArrayList<>();
        for (Object d : (List<?>) spec.get("shape")) dims.add((Number) d);
        return new KerasTensor(Shape.of(dims), DType.of((String) spec.get("dtype")), "input");
    }

    private NDArray array(Map<?, ?> spec) {
        DType dtype = DType.of((String) spec.get("dtype"));
        List<Number> dims = new ArrayList<>();
        for (Object d : (List<?>) spec.get("shape")) dims.add((Number) d);
        NDArray out = NDArray.zeros(dtype, Shape.of(dims));
        int at = ((Number) spec.get("offset")).intValue();
        for (int i = 0; i < out.size(); i++)
            out.set(
                    i,
                    switch (dtype) {
                        case BOOL, INT8 -> arrays.get(at + i);
                        case UINT8 -> arrays.get(at + i) & 0xff;
                        case INT16 -> arrays.getShort(at + 2 * i);
                        case UINT16 -> arrays.getShort(at + 2 * i) & 0xffff;
                        case INT32 -> arrays.getInt(at + 4 * i);
                        case UINT32 -> arrays.getInt(at + 4 * i) & 0xffff_ffffL;
                        case FLOAT16 -> Float.float16ToFloat(arrays.getShort(at + 2 * i));
                        case BFLOAT16 -> Float.intBitsToFloat(arrays.getShort(at + 2 * i) << 16);
                        case FLOAT32 -> arrays.getFloat(at + 4 * i);
                        case INT64, FLOAT64 -> throw new AssertionError("not in the recordings");
                    });
        return out;
    }

    /** Makes the object that a case's config describes. */
    static <T> T object(Map<String, Object> test, Class<T> type) {
        return type.cast(Registry.keras().deserialize((Map<?, ?>) test.get("config"), "config"));
    }

    static List<?> list(Map<?, ?> map, String key) {
        return (List<?>) map.get(key);
    }

    /** Returns a value as a tensor; numbers and lists of them become float32. */
    static Tensor tensor(Object value) {
        return switch (value) {
            case null -> null;
            case Tensor t -> t;
            case Integer i -> Tensor.of(NDArray.of(i));
            case Long l -> Tensor.of(NDArray.of(Math.toIntExact(l)));
            case Number n -> Tensor.of(NDArray.of(n.floatValue()));
            case Boolean b -> Tensor.of(NDArray.of(b));
            case List<?> list ->
                org.keras4j.ops.K.stack(list.stream().map(Replay::tensor).toList(), 0);
            default -> throw new AssertionError("expected a tensor, got " + value);
        };
    }

    /** Compares with relative 1e-4 and absolute 1e-5 + 5e-6 * max, integers exactly. */
    static void assertClose(String what, Object expected, NDArray got) {
        assertClose(what, expected, got, 1);
    }

    static void assertClose(String what, Object expected, NDArray got, double slack) {
        NDArray want = tensor(expected).value();
        assertEquals(want.shape(), got.shape(), what + ": shape");
        double largest = 0;
        for (int i = 0; i < want.size(); i++)
            if (Double.isFinite(want.get(i))) largest = Math.max(largest, Math.abs(want.get(i)));
        for (int i = 0; i < want.size(); i++) {
            double w = want.get(i);
            double g = got.get(i);
            double tolerance = want.dtype().isFloating() ? slack * (1e-5 + 5e-6 * largest + 1e-4 * Math.abs(w)) : 0;
            boolean same = Double.compare(w, g) == 0 || Math.abs(w - g) <= tolerance;
            if (!same)
                fail(what + ": element " + i + ": expected " + w + ", got " + g + "; all: " + want + " / " + got);
        }
    }
}

package org.keras4j.ops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Spec;
import org.keras4j.saving.archive.Json;

/** Cases of Keras's own tests, recorded as JSON lines and one file of arrays. */
final class Replay {
    /** Thrown for values that Keras4J has no type for. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unsupported(String what) {
            super(what);
        }
    }

    private static final Path ROOT = Path.of("..", "shared", "conformance", "replay");
    private final ByteBuffer arrays;
    final List<Map<String, @Nullable Object>> cases = new ArrayList<>();

    private Replay(String category) throws IOException {
        Path folder = root().resolve(category);
        arrays = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("arrays.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (String line : Files.readAllLines(folder.resolve("cases.jsonl")))
            cases.add(Json.parseObject(line, category, ""));
    }

    /** Returns the folder of the cases: beside the checkout, or beside the folder of a checkout. */
    static Path root() {
        Path outer = Path.of("..").resolve(ROOT);
        return Files.isDirectory(ROOT) ? ROOT : outer;
    }

    static boolean isThere() {
        return Files.isDirectory(root());
    }

    static Replay read(String category) throws IOException {
        return new Replay(category);
    }

    @Nullable
    Object decode(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> decodeAll(list);
            case Map<?, ?> map when map.containsKey("$tensor") -> Tensor.of(array((Map<?, ?>) map.get("$tensor")));
            case Map<?, ?> map when map.containsKey("$symbolic") -> spec((Map<?, ?>) map.get("$symbolic"));
            case Map<?, ?> map when map.containsKey("$tuple") -> decodeAll((List<?>) map.get("$tuple"));
            case Map<?, ?> map
            when map.containsKey("$float") ->
                switch ((String) map.get("$float")) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    default -> Double.NEGATIVE_INFINITY;
                };
            case Map<?, ?> map
            when map.containsKey("$slice") -> {
                List<?> s = (List<?>) map.get("$slice");
                yield new Slice(integer(s.get(0)), integer(s.get(1)), integer(s.get(2)));
            }
            case Map<?, ?> map when map.containsKey("$ellipsis") -> "...";
            case Map<?, ?> map
            when map.keySet().stream().anyMatch(k -> ((String) k).startsWith("$")) ->
                throw new Unsupported(map.keySet().toString());
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put((String) k, decode(v)));
                yield out;
            }
            case null, default -> value;
        };
    }

    List<@Nullable Object> decodeAll(List<?> list) {
        List<@Nullable Object> out = new ArrayList<>();
        for (Object o : list) out.add(decode(o));
        return out;
    }

    private static @Nullable Integer integer(@Nullable Object value) {
        return value == null ? null : ((Number) value).intValue();
    }

    private static Spec spec(Map<?, ?> map) {
        @SuppressWarnings("unchecked")
        var dims = (List<Number>) map.get("shape");
        return new Spec(dtype(map), Shape.of(dims));
    }

    private static DType dtype(Map<?, ?> map) {
        String name = (String) map.get("dtype");
        if (name.startsWith("complex") || name.equals("string") || name.startsWith("float8"))
            throw new Unsupported(name);
        return DType.of(name);
    }

    private NDArray array(Map<?, ?> map) {
        DType dtype = dtype(map);
        @SuppressWarnings("unchecked")
        Shape shape = Shape.of((List<Number>) map.get("shape"));
        int at = ((Number) map.get("offset")).intValue();
        NDArray out = NDArray.zeros(dtype, shape);
        for (int i = 0; i < out.size(); i++) {
            switch (dtype) {
                case BOOL, UINT8 -> out.set(i, arrays.get(at + i) & 0xff);
                case INT8 -> out.set(i, arrays.get(at + i));
                case INT16 -> out.set(i, arrays.getShort(at + 2 * i));
                case UINT16 -> out.set(i, arrays.getShort(at + 2 * i) & 0xffff);
                case INT32 -> out.set(i, arrays.getInt(at + 4 * i));
                case UINT32 -> out.set(i, arrays.getInt(at + 4 * i) & 0xffff_ffffL);
                case INT64 -> out.set(i, arrays.getLong(at + 8 * i));
                case FLOAT16 -> out.set(i, Float.float16ToFloat(arrays.getShort(at + 2 * i)));
                case BFLOAT16 -> out.set(i, Float.intBitsToFloat(arrays.getShort(at + 2 * i) << 16));
                case FLOAT32 -> out.set(i, arrays.getFloat(at + 4 * i));
                case FLOAT64 -> out.set(i, arrays.getDouble(at + 8 * i));
            }
        }
        return out;
    }
}

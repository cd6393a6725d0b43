package org.keras4j.cli.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.KerasTensor;
import org.keras4j.ops.Complex;
import org.keras4j.ops.K;
import org.keras4j.ops.Slice;
import org.keras4j.saving.archive.Json;

/** A folder with {@code cases.jsonl} and the arrays that its lines refer to in {@code arrays.bin}. */
final class Recording {
    private final Path folder;
    private final ByteBuffer arrays;

    Recording(Path folder) throws IOException {
        this.folder = folder;
        Path file = folder.resolve("arrays.bin");
        arrays = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0])
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the lines as they are; {@link #decode} turns their values into tensors. */
    List<Map<String, Object>> lines() throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("cases.jsonl")))
            if (!line.isBlank())
                lines.add(Json.parseObject(line, folder.resolve("cases.jsonl").toString(), ""));
        return lines;
    }

    /** Returns the value that the recording's JSON stands for. */
    @Nullable
    Object decode(@Nullable Object json) {
        return switch (json) {
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object o : list) out.add(decode(o));
                yield out;
            }
            case Map<?, ?> map
            when !map.isEmpty()
                    && String.valueOf(map.keySet().iterator().next()).startsWith("$") -> special(map);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put(String.valueOf(k), decode(v)));
                yield out;
            }
            case null, default -> json;
        };
    }

    private @Nullable Object special(Map<?, ?> map) {
        String kind = String.valueOf(map.keySet().iterator().next());
        Object value = Objects.requireNonNull(map.get(kind), kind);
        return switch (kind) {
            case "$tuple" -> decode(value);
            case "$float" ->
                switch (String.valueOf(value)) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    default -> Double.NEGATIVE_INFINITY;
                };
            case "$tensor" -> {
                if ("complex64".equals(((Map<?, ?>) value).get("dtype"))) yield complex((Map<?, ?>) value);
                Tensor t = Tensor.of(array((Map<?, ?>) value));
                yield map.get("$mask") instanceof Map<?, ?> mask ? t.mask(Tensor.of(array(mask))) : t;
            }
            case "$symbolic" -> symbolic((Map<?, ?>) value);
            case "$slice" -> slice((List<?>) value);
            case "$strings" -> strings((Map<?, ?>) value);
            case "$complex" -> throw new SkipException("complex numbers");
            case "$ellipsis" -> throw new SkipException("Ellipsis as an index");
            default -> throw new SkipException("values of kind " + kind);
        };
    }

    private static Slice slice(List<?> bounds) {
        var parts = new Integer[3];
        for (int i = 0; i < 3; i++) parts[i] = bounds.get(i) instanceof Number n ? (Integer) n.intValue() : null;
        return new Slice(parts[0], parts[1], parts[2]);
    }

    private static KerasTensor symbolic(Map<?, ?> spec) {
        if (Boolean.TRUE.equals(spec.get("sparse"))) throw new SkipException("sparse tensors");
        if ("string".equals(spec.get("dtype"))) return KerasTensor.ofStrings(shape(spec), "input");
        return new KerasTensor(shape(spec), dtype(spec), "input");
    }

    private static StringArray strings(Map<?, ?> spec) {
        var data = (List<?>) Objects.requireNonNull(spec.get("data"));
        return StringArray.of(shape(spec), data.stream().map(String::valueOf).toArray(String[]::new));
    }

    private static Shape shape(Map<?, ?> spec) {
        List<@Nullable Number> dims = new ArrayList<>();
        for (Object d : Objects.requireNonNull((List<?>) spec.get("shape"))) dims.add((Number) d);
        return Shape.of(dims);
    }

    private static DType dtype(Map<?, ?> spec) {
        String name = String.valueOf(spec.get("dtype"));
        if (name.startsWith("complex")) throw new SkipException(name + " tensors");
        return DType.of(name);
    }

    private Complex complex(Map<?, ?> spec) {
        NDArray real = NDArray.zeros(DType.FLOAT32, shape(spec));
        NDArray imag = NDArray.zeros(DType.FLOAT32, shape(spec));
        int at = Objects.requireNonNull((Number) spec.get("offset")).intValue();
        for (int i = 0; i < real.size(); i++) {
            real.set(i, arrays.getFloat(at + 8 * i));
            imag.set(i, arrays.getFloat(at + 8 * i + 4));
        }
        return new Complex(Tensor.of(real), Tensor.of(imag));
    }

    private NDArray array(Map<?, ?> spec) {
        DType dtype = dtype(spec);
        NDArray out = NDArray.zeros(dtype, shape(spec));
        int at = Objects.requireNonNull((Number) spec.get("offset")).intValue();
        for (int i = 0; i < out.size(); i++) {
            switch (dtype) {
                case BOOL, INT8 -> out.set(i, arrays.get(at + i));
                case UINT8 -> out.set(i, arrays.get(at + i) & 0xff);
                case INT16 -> out.set(i, arrays.getShort(at + 2 * i));
                case UINT16 -> out.set(i, arrays.getShort(at + 2 * i) & 0xffff);
                case INT32 -> out.set(i, arrays.getInt(at + 4 * i));
                case UINT32 -> out.set(i, arrays.getInt(at + 4 * i) & 0xffff_ffffL);
                case INT64 -> ((long[]) out.data())[i] = arrays.getLong(at + 8 * i);
                case FLOAT16 -> out.set(i, Float.float16ToFloat(arrays.getShort(at + 2 * i)));
                case BFLOAT16 -> out.set(i, Float.intBitsToFloat(arrays.getShort(at + 2 * i) << 16));
                case FLOAT32 -> ((float[]) out.data())[i] = arrays.getFloat(at + 4 * i);
                case FLOAT64 -> ((double[]) out.data())[i] = arrays.getDouble(at + 8 * i);
            }
        }
        return out;
    }

    /** Returns a decoded value as a tensor: numbers become float32 or int32, lists of them are stacked. */
    static @Nullable Tensor tensor(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Tensor t -> t;
            case Integer i -> Tensor.of(NDArray.of(i));
            case Long l -> Tensor.of(NDArray.of(Math.toIntExact(l)));
            case Number n -> Tensor.of(NDArray.of(n.floatValue()));
            case Boolean b -> Tensor.of(NDArray.of(b));
            case List<?> list when list.isEmpty() -> Tensor.of(NDArray.of(Shape.of(0), new float[0]));
            case List<?> list -> {
                List<Tensor> parts = new ArrayList<>();
                for (Object o : list) parts.add(Objects.requireNonNull(tensor(o)));
                yield K.stack(parts, 0);
            }
            default -> throw new SkipException("a value of " + value.getClass().getSimpleName() + " as a tensor");
        };
    }
}

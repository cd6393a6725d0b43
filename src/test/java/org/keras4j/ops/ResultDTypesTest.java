package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the dtypes of results against those that Keras gives for symbolic tensors, over all dtypes of the arguments and
 * plain numbers.
 *
 * <p>In the file, {@code $} is an argument of the row's dtype, {@code %} of the column's, {@code #} an int32 one, each
 * followed by its shape; the last two columns are a whole number and one with a fraction. {@code -} is a call that Keras
 * refuses. Where int64, float64, or uint32 with a signed type take part, the answer is that of TensorFlow, since JAX
 * has 32 bits only; else it is that of JAX.
 */
class ResultDTypesTest {
    private static final List<DType> DTYPES = List.of(
            DType.BOOL,
            DType.UINT8,
            DType.UINT16,
            DType.UINT32,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.BFLOAT16,
            DType.FLOAT16,
            DType.FLOAT32,
            DType.FLOAT64);
    private static final String CODES = "bcdefgilqhst";

    private static final String MIXED = "Keras names one dtype for mixed ones, or refuses them when it computes";
    private static final String NO_BOOL = "Keras names bool, and refuses it when it computes or gives int32";
    private static final String ALWAYS_FLOAT32 = "Keras names floatx, and gives the dtype of the ends or of x";

    /** Operations with other dtypes than Keras's symbolic ones, each with the reason. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("arctan2", "a plain number is weak, as elsewhere"),
            Map.entry("ldexp", "a plain number is weak, as elsewhere"),
            Map.entry("nextafter", "a plain number is weak, as elsewhere"),
            Map.entry("batch_normalization", MIXED),
            Map.entry("binary_crossentropy", MIXED),
            Map.entry("categorical_crossentropy", MIXED),
            Map.entry("conv", MIXED),
            Map.entry("conv_transpose", MIXED),
            Map.entry("depthwise_conv", MIXED),
            Map.entry("meshgrid", "Keras names one dtype for mixed ones, and gives each its own"),
            Map.entry("solve", MIXED),
            Map.entry("solve_triangular", MIXED),
            Map.entry("bitwise_left_shift", NO_BOOL),
            Map.entry("bitwise_right_shift", NO_BOOL),
            Map.entry("left_shift", NO_BOOL),
            Map.entry("right_shift", NO_BOOL),
            Map.entry("floor_divide", NO_BOOL),
            Map.entry("gcd", NO_BOOL),
            Map.entry("lcm", NO_BOOL),
            Map.entry("hard_tanh", NO_BOOL),
            Map.entry("power", NO_BOOL),
            Map.entry("round", NO_BOOL),
            Map.entry("select", "its default is the whole number 0, which bool gives way to"),
            Map.entry("vander", NO_BOOL),
            Map.entry("geomspace", ALWAYS_FLOAT32),
            Map.entry("linspace", ALWAYS_FLOAT32),
            Map.entry("logspace", ALWAYS_FLOAT32),
            Map.entry("logsumexp", ALWAYS_FLOAT32),
            Map.entry("normalize", ALWAYS_FLOAT32),
            Map.entry("reciprocal", ALWAYS_FLOAT32),
            Map.entry("kron", "Keras names int32 for uint32 and a whole number"),
            Map.entry("slice_update", "a number is no update of a slice; Keras does not look"),
            Map.entry("tensordot", "a number has no axes to sum over; Keras does not look"),
            Map.entry("vdot", "a number has no elements to pair; Keras does not look"),
            Map.entry("where", "places are int32"));

    private static JsonNode groups;

    @BeforeAll
    static void readResults() throws Exception {
        try (InputStream file = ResultDTypesTest.class.getResourceAsStream("/golden/result-dtypes.json")) {
            groups = JsonMapper.shared().readTree(file);
        }
    }

    @Test
    void resultsHaveKerassDTypes() {
        var different = new TreeMap<String, Set<String>>();
        int calls = 0;
        for (JsonNode group : groups) {
            String[] rows = group.get("results").asString().split("\\|");
            for (JsonNode call : group.get("calls")) {
                calls++;
                compare(call, rows, different);
            }
        }
        assertTrue(calls > 200, "calls that were compared: " + calls);
        assertEquals(new TreeSet<>(OTHERS.keySet()), different.keySet(), different::toString);
    }

    /** A call of one argument has its results in one row. */
    private static void compare(JsonNode call, String[] rows, Map<String, Set<String>> different) {
        String name = call.get(0).asString();
        for (int i = 0; i < DTYPES.size(); i++) {
            List<?> seconds = rows.length == 1 ? Arrays.asList(1) : seconds();
            String[] row = rows[rows.length == 1 ? 0 : i].split(" ");
            for (int j = 0; j < seconds.size(); j++) {
                String expected = row[rows.length == 1 ? i : j];
                if (expected.equals("-")) continue;
                String got = result(call, DTYPES.get(i), seconds.get(j));
                if (!got.equals(expected) && !isFloatForWhole(expected, got))
                    different
                            .computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .add(DTYPES.get(i).keras() + (rows.length == 1 ? "" : "," + seconds.get(j)) + ": "
                                    + expected + " here " + got);
            }
        }
    }

    /** Of functions that are made for floats, Keras names the whole-number dtype that it does not compute in. */
    private static boolean isFloatForWhole(String expected, String got) {
        return expected.matches("[bcdefgil]+") && got.matches("s+") && got.length() == expected.length();
    }

    private static List<Object> seconds() {
        List<Object> seconds = new ArrayList<>(DTYPES);
        seconds.add(2);
        seconds.add(2.5);
        return seconds;
    }

    private static String result(JsonNode call, DType first, Object second) {
        List<Object> args = new ArrayList<>();
        for (int i = 1; i < call.size(); i++) args.add(argument(call.get(i), first, second));
        try {
            return codes(Operations.infer("keras.ops." + call.get(0).asString(), args, Map.of()));
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static Object argument(JsonNode value, DType first, Object second) {
        if (value.isArray()) {
            List<Object> list = new ArrayList<>();
            for (JsonNode v : value) list.add(argument(v, first, second));
            return list;
        }
        if (value.isInt()) return value.asInt();
        if (value.isDouble()) return value.asDouble();
        String text = value.asString();
        return switch (text.charAt(0)) {
            case '$' -> new Spec(first, shape(text));
            case '%' -> second instanceof DType dtype ? new Spec(dtype, shape(text)) : second;
            case '#' -> new Spec(DType.INT32, shape(text));
            default -> text;
        };
    }

    private static Shape shape(String text) {
        if (text.length() == 1) return Shape.of(4, 4);
        return Shape.of(Arrays.stream(text.substring(1).split(","))
                .mapToInt(Integer::parseInt)
                .toArray());
    }

    private static String codes(Object result) {
        return switch (result) {
            case Spec spec -> String.valueOf(CODES.charAt(DTYPES.indexOf(spec.dtype())));
            case List<?> list -> {
                var text = new StringBuilder();
                for (Object r : list) text.append(codes(r));
                yield text.toString();
            }
            case null, default -> String.valueOf(result);
        };
    }
}

package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Spec;

/** Replays Keras's own tests of its operations: results and gradients. */
class OpsReplayTest {
    /** Cases that cannot agree, and why. */
    private static final Map<String, String> EXCUSED = Map.ofEntries(
            Map.entry("StaticShapeTest::test_lu_factor", "Keras infers a float dtype for integers"),
            Map.entry("DynamicShapeTest::test_lu_factor", "Keras infers a float dtype for integers"),
            Map.entry("test_eigh", "the sign of an eigenvector is free"),
            Map.entry("view_as_complex", "no complex dtypes"),
            Map.entry("view_as_real", "no complex dtypes"),
            Map.entry("test_conjugate#1", "no complex dtypes"),
            Map.entry("test_imag#1", "no complex dtypes"),
            Map.entry("test_nanmax#2", "PyTorch passes gradients on to NaN elements, JAX does not"),
            Map.entry("test_nanmean", "PyTorch passes gradients on to NaN elements, JAX does not"),
            Map.entry(
                    "test_dot_product_attention_none_1.0_(none, false)_false#1",
                    "the expected gradient is rounding noise"),
            Map.entry("test_hard_tanh#1", "the gradient at the kinks is PyTorch's"));

    @ParameterizedTest
    @ValueSource(strings = {"ops", "activations"})
    void operationsGiveWhatKerasGives(String category) throws IOException {
        assumeTrue(Replay.isThere(), "the recorded cases are not beside this checkout");
        Backends.use("reference");
        Replay replay = Replay.read(category);
        Map<String, String> failures = new TreeMap<>();
        int passed = 0;
        for (Map<String, @Nullable Object> c : replay.cases) {
            String id = (String) c.get("id");
            try {
                String failure = check(replay, c);
                if (failure == null) passed++;
                else failures.put(id, c.get("function") + ": " + failure);
            } catch (RuntimeException | AssertionError e) {
                failures.put(
                        id, c.get("function") + ": " + e.getClass().getSimpleName() + " " + e.getMessage() + place(e));
            } finally {
                K.imageDataFormat("channels_last");
            }
        }
        failures.keySet().removeIf(id -> EXCUSED.keySet().stream().anyMatch(id::contains));
        assertEquals(List.of(), List.copyOf(failures.entrySet()), passed + " passed, failed " + failures.size());
    }

    @Test
    void shapesAreInferredAsInKeras() throws IOException {
        assumeTrue(Replay.isThere(), "the recorded cases are not beside this checkout");
        Backends.use("reference");
        Replay replay = Replay.read("ops_symbolic");
        Map<String, String> failures = new TreeMap<>();
        int passed = 0;
        for (Map<String, @Nullable Object> c : replay.cases) {
            String id = (String) c.get("id");
            try {
                if (c.get("image_data_format") instanceof String format) K.imageDataFormat(format);
                List<@Nullable Object> args = replay.decodeAll((List<?>) c.get("args"));
                @SuppressWarnings("unchecked")
                var kwargs = (Map<String, @Nullable Object>) replay.decode(c.get("kwargs"));
                String wrong = compareSpecs(
                        replay.decode(c.get("outputs")), Operations.infer((String) c.get("function"), args, kwargs));
                if (wrong == null) passed++;
                else failures.put(id, c.get("function") + ": " + wrong);
            } catch (RuntimeException | AssertionError e) {
                failures.put(
                        id, c.get("function") + ": " + e.getClass().getSimpleName() + " " + e.getMessage() + place(e));
            } finally {
                K.imageDataFormat("channels_last");
            }
        }
        failures.keySet().removeIf(id -> EXCUSED.keySet().stream().anyMatch(id::contains));
        assertEquals(List.of(), List.copyOf(failures.entrySet()), passed + " passed, failed " + failures.size());
    }

    private static @Nullable String compareSpecs(@Nullable Object expected, @Nullable Object got) {
        if (expected instanceof List<?> list) {
            if (got instanceof Shape shape) got = shape.toList();
            if (!(got instanceof List<?> other) || other.size() != list.size())
                return "expected " + expected + ", got " + got;
            for (int i = 0; i < list.size(); i++) {
                String wrong = compareSpecs(list.get(i), other.get(i));
                if (wrong != null) return wrong;
            }
            return null;
        }
        if (got instanceof Spec s && s.dtype() == DType.INT64) got = new Spec(DType.INT32, s.shape());
        return String.valueOf(expected).equals(String.valueOf(got)) ? null : "expected " + expected + ", got " + got;
    }

    private static String place(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace())
            if (frame.getClassName().startsWith("org.keras4j.")) return " at " + frame;
        return "";
    }

    private static @Nullable String check(Replay replay, Map<String, @Nullable Object> c) {
        if (c.get("image_data_format") instanceof String format) K.imageDataFormat(format);
        List<@Nullable Object> args = replay.decodeAll((List<?>) c.get("args"));
        @SuppressWarnings("unchecked")
        var kwargs = (Map<String, @Nullable Object>) replay.decode(c.get("kwargs"));
        Object result = Operations.call((String) c.get("function"), args, kwargs);
        boolean half = c.get("tags") instanceof List<?> tags && (tags.contains("half") || tags.contains("mixed"));
        String wrong =
                compare(replay.decode(c.get("outputs")), result, half ? 2e-2 : 1e-4, half ? 2e-2 : 1e-5, "output");
        if (wrong != null || c.get("input_grads") == null) return wrong;
        return checkGradients(replay, c, args, kwargs, result, half);
    }

    private static @Nullable String checkGradients(
            Replay replay,
            Map<String, @Nullable Object> c,
            List<@Nullable Object> args,
            Map<String, @Nullable Object> kwargs,
            @Nullable Object result,
            boolean half) {
        List<Tensor> outputs = new ArrayList<>();
        flatten(result, outputs);
        outputs.removeIf(t -> !t.dtype().isFloating());
        List<Tensor> cotangents = new ArrayList<>();
        flatten(replay.decode(c.get("cotangents")), cotangents);
        for (int i = 0; i < cotangents.size(); i++)
            cotangents.set(i, K.cast(cotangents.get(i), outputs.get(i).dtype()));
        List<Tensor> wrt = new ArrayList<>();
        List<Tensor> expected = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (Object o : (List<?>) c.get("input_grads")) {
            var grad = (Map<?, ?>) o;
            Object at = Map.of("args", args, "kwargs", kwargs);
            for (String step : ((String) grad.get("path")).split("/"))
                at = at instanceof Map<?, ?> m ? m.get(step) : ((List<?>) at).get(Integer.parseInt(step));
            if (!(at instanceof Tensor t)) continue;
            wrt.add(t);
            expected.add((Tensor) replay.decode(grad.get("value")));
            paths.add((String) grad.get("path"));
        }
        List<@Nullable Tensor> got = Gradients.of(outputs, cotangents, wrt);
        for (int i = 0; i < wrt.size(); i++) {
            boolean narrow = half || wrt.get(i).dtype().bits() == 16;
            Tensor g = got.get(i) == null ? K.zerosLike(wrt.get(i)) : got.get(i);
            String wrong =
                    compare(expected.get(i), g, narrow ? 2e-2 : 1e-3, narrow ? 2e-2 : 1e-4, "gradient " + paths.get(i));
            if (wrong != null) return wrong;
        }
        return null;
    }

    private static void flatten(@Nullable Object value, List<Tensor> out) {
        if (value instanceof Tensor t) out.add(t);
        else if (value instanceof List<?> list) for (Object o : list) flatten(o, out);
    }

    private static @Nullable String compare(
            @Nullable Object expected, @Nullable Object got, double rtol, double atol, String where) {
        if (got instanceof Shape shape) got = new ArrayList<Object>(shape.toList());
        if (expected instanceof List<?> list) {
            if (!(got instanceof List<?> other) || other.size() != list.size())
                return where + ": expected " + list.size() + " values, got " + Signature.describe(got);
            for (int i = 0; i < list.size(); i++) {
                String wrong = compare(list.get(i), other.get(i), rtol, atol, where + "/" + i);
                if (wrong != null) return wrong;
            }
            return null;
        }
        if (expected instanceof Tensor t) {
            Tensor y = Arguments.tensorOf(got);
            if (y == null) return where + ": expected a tensor, got " + got;
            return compare(t.value(), y.value(), rtol, atol, where);
        }
        if (expected instanceof Number n && got instanceof Tensor t)
            return Math.abs(n.doubleValue() - t.item()) <= atol
                    ? null
                    : where + ": expected " + n + ", got " + t.item();
        if (expected instanceof Number n && got instanceof Number m && n.doubleValue() == m.doubleValue()) return null;
        return String.valueOf(expected).equals(String.valueOf(got))
                ? null
                : where + ": expected " + expected + ", got " + got;
    }

    private static @Nullable String compare(NDArray expected, NDArray got, double rtol, double atol, String where) {
        DType dtype = got.dtype() == DType.INT64 ? DType.INT32 : got.dtype();
        if (!expected.shape().equals(got.shape()) || (expected.dtype() != dtype && where.startsWith("output")))
            return where + ": expected " + expected.dtype() + expected.shape() + ", got " + got.dtype() + got.shape();
        double largest = 0;
        for (int i = 0; i < expected.size(); i++)
            if (Double.isFinite(expected.get(i))) largest = Math.max(largest, Math.abs(expected.get(i)));
        for (int i = 0; i < expected.size(); i++) {
            double e = expected.get(i);
            double g = got.get(i);
            if (Double.compare(e, g) == 0 || e == g) continue;
            double bound = dtype.isFloating() ? atol + 5e-6 * largest + rtol * Math.abs(e) : 0;
            if (!(Math.abs(e - g) <= bound)) return where + "[" + i + "]: expected " + e + ", got " + g;
        }
        return null;
    }
}

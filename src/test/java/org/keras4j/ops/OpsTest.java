package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Spec;

/** Operations against results worked out another way: by hand, by plain loops, or by an identity. */
class OpsTest {
    private static final double[] POINTS = {-7.5, -3, -1.2, -0.5, -1e-3, 0, 1e-3, 0.4, 1, 2.7, 6.5};

    @BeforeAll
    static void reference() {
        Backends.use("reference");
    }

    private static Tensor random(int... dims) {
        var source = new Random(Arrays.hashCode(dims));
        var values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) values[i] = source.nextGaussian();
        return Tensor.of(NDArray.of(Shape.of(dims), values));
    }

    private static void near(double[] expected, Tensor got, double tolerance) {
        assertArrayEquals(expected, got.doubles(), tolerance, () -> "got " + got.value());
    }

    private static void near(Tensor expected, Tensor got, double tolerance) {
        assertEquals(expected.shape(), got.shape());
        near(expected.doubles(), got, tolerance);
    }

    // ---- activations ------------------------------------------------------------------------------------------------

    private static void curve(String name, UnaryOperator<Tensor> f, DoubleUnaryOperator expected) {
        double[] values = Arrays.stream(POINTS).map(expected).toArray();
        Tensor y = f.apply(Tensor.of(NDArray.of(Shape.of(POINTS.length), POINTS)));
        assertArrayEquals(values, y.doubles(), 1e-12, name);
    }

    @Test
    void activationsAreTheirFormulas() {
        curve("relu6", K::relu6, x -> Math.min(Math.max(x, 0), 6));
        curve("leaky_relu", x -> K.leakyRelu(x, 0.3), x -> x >= 0 ? x : 0.3 * x);
        curve("elu", x -> K.elu(x, 1.5), x -> x > 0 ? x : 1.5 * Math.expm1(x));
        curve("celu", x -> K.celu(x, 2), x -> Math.max(x, 0) + 2 * Math.expm1(Math.min(x, 0) / 2));
        curve("softplus", K::softplus, x -> Math.log1p(Math.exp(x)));
        curve("softsign", K::softsign, x -> x / (1 + Math.abs(x)));
        curve("silu", K::silu, x -> x / (1 + Math.exp(-x)));
        curve("mish", K::mish, x -> x * Math.tanh(Math.log1p(Math.exp(x))));
        curve("hard_sigmoid", K::hardSigmoid, x -> Math.clamp((x + 3) / 6, 0, 1));
        curve("log_sigmoid", K::logSigmoid, x -> -Math.log1p(Math.exp(-x)));
        curve("squareplus", x -> K.squareplus(x, 4), x -> (x + Math.sqrt(x * x + 4)) / 2);
        curve("sparse_plus", K::sparsePlus, x -> x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4);
        curve("hard_shrink", x -> K.hardShrink(x, 0.5), x -> Math.abs(x) > 0.5 ? x : 0);
        curve("soft_shrink", x -> K.softShrink(x, 0.5), x -> Math.signum(x) * Math.max(Math.abs(x) - 0.5, 0));
        curve(
                "gelu",
                x -> K.gelu(x, true),
                x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
        curve(
                "relu(slope, max, threshold)",
                x -> K.relu(x, 0.1, 2, 0.5),
                x -> x >= 2 ? 2 : x > 0.5 ? x : 0.1 * (x - 0.5));
    }

    @Test
    void softmaxTakesAnyAxesAndSurvivesLargeNumbers() {
        Tensor y = K.softmax(K.constant(new double[][] {{1000, 0}, {1000, 1}}), 0);
        near(new double[] {0.5, 1 / (1 + Math.E), 0.5, Math.E / (1 + Math.E)}, y, 1e-12);
        Tensor x = random(2, 3, 4);
        Tensor both = K.softmax(x, new int[] {0, 2});
        near(K.ones(Shape.of(3), DType.FLOAT64), K.sum(both, 0, 2), 1e-12);
        near(K.log(both), K.subtract(x, K.logsumexp(x, new int[] {0, 2}, true)), 1e-12);
    }

    // ---- products ---------------------------------------------------------------------------------------------------

    @Test
    void einsumIsTheSumItSays() {
        Tensor a = random(2, 3, 4);
        Tensor b = random(2, 4, 5);
        var expected = new double[2 * 3 * 5];
        for (int n = 0; n < 2; n++)
            for (int i = 0; i < 3; i++)
                for (int k = 0; k < 5; k++)
                    for (int j = 0; j < 4; j++)
                        expected[(n * 3 + i) * 5 + k] +=
                                a.value().get((n * 3 + i) * 4 + j) * b.value().get((n * 4 + j) * 5 + k);
        near(expected, K.einsum("nij,njk->nik", a, b), 1e-12);
        near(expected, K.matmul(a, b), 1e-12);
        near(K.transpose(K.matmul(a, b), 2, 0, 1), K.einsum("...ij,...jk->k...i", a, b), 1e-12);
        near(K.sum(a, 1), K.einsum("nij->nj", a), 1e-12);
        Tensor square = random(4, 4);
        near(K.trace(square, 0, 0, 1), K.einsum("ii->", square), 1e-12);
        near(K.diagonal(square, 0, 0, 1), K.einsum("ii->i", square), 0);
        near(K.multiply(random(3), 2.0), K.einsum("i,j->i", random(3), K.constant(new double[] {0.5, 1.5})), 1e-12);
        var e = assertThrows(IllegalArgumentException.class, () -> K.einsum("ij,jk->ik", random(2, 3), random(2, 4)));
        assertTrue(e.getMessage().contains("\"j\" has sizes 3 and 2"), e.getMessage());
    }

    @Test
    void tensordotContractsAnyAxes() {
        Tensor a = random(2, 3, 4);
        Tensor b = random(4, 5, 3);
        Tensor y = K.tensordot(a, b, new int[] {2, 1}, new int[] {0, 2});
        near(K.einsum("ijk,klj->il", a, b), y, 1e-12);
    }

    @Test
    void convolutionIsItsDefinition() {
        Tensor x = random(1, 5, 1);
        Tensor kernel = random(3, 1, 1);
        double[] in = x.doubles();
        double[] w = kernel.doubles();
        var same = new double[3];
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) {
                int at = 2 * i + k - 1;
                if (at >= 0 && at < 5) same[i] += in[at] * w[k];
            }
        near(same, K.conv(x, kernel, new int[] {2}, "same", null, new int[] {1}), 1e-12);
        var causal = new double[5];
        for (int i = 0; i < 5; i++)
            for (int k = 0; k < 3; k++) if (i + 2 * (k - 2) >= 0) causal[i] += in[i + 2 * (k - 2)] * w[k];
        near(causal, K.conv(x, kernel, new int[] {1}, "causal", null, new int[] {2}), 1e-12);
        Tensor image = random(2, 6, 5, 4);
        Tensor filters = random(3, 2, 2, 6);
        Tensor first = K.conv(
                K.transpose(image, 0, 3, 1, 2), filters, new int[] {2, 1}, "same", "channels_first", new int[] {1});
        Tensor last = K.conv(image, filters, new int[] {2, 1}, "same", "channels_last", new int[] {1});
        near(K.transpose(last, 0, 3, 1, 2), first, 1e-12);
        assertEquals(Shape.of(2, 3, 5, 6), last.shape());
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> K.conv(image, random(3, 2, 3, 6), new int[] {1}, "same", null, new int[] {1}));
        assertTrue(e.getMessage().contains("(2, 6, 5, 4)") && e.getMessage().contains("(3, 2, 3, 6)"), e.getMessage());
    }

    @Test
    void poolsLeavePaddingOut() {
        Tensor x = K.constant(new double[][][] {{{1}, {2}, {3}, {4}, {5}}});
        near(new double[] {1.5, 3.5, 5}, K.averagePool(x, new int[] {2}, null, "same", null), 1e-12);
        near(new double[] {2, 4, 5}, K.maxPool(x, new int[] {2}, null, "same", null), 0);
        near(new double[] {1.5, 3, 4.5}, K.adaptiveAveragePool(x, new int[] {3}, null), 1e-12);
        near(new double[] {2, 4, 5}, K.adaptiveMaxPool(x, new int[] {3}, null), 0);
    }

    // ---- shapes and indexing ----------------------------------------------------------------------------------------

    @Test
    void getItemIsPythonsIndexing() {
        Tensor x = K.reshape(K.arange(24), 2, 3, 4);
        assertArrayEquals(
                new int[] {20, 16, 12},
                K.getItem(x, 1, new Slice(null, null, -1), 0).ints());
        assertArrayEquals(
                new int[] {3, 7, 11, 15, 19, 23}, K.getItem(x, "...", -1).ints());
        assertEquals(
                Shape.of(2, 1, 2, 4),
                K.getItem(x, Slice.ALL, null, Slice.of(-2, null)).shape());
        assertEquals(Shape.of(2, 0, 4), K.getItem(x, Slice.ALL, Slice.of(2, 1)).shape());
        assertThrows(IllegalArgumentException.class, () -> K.getItem(x, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> K.getItem(x, 2));
    }

    @Test
    void padModesMirrorAsNumPyDoes() {
        Tensor x = K.constant(new int[] {1, 2, 3});
        int[][] widths = {{4, 2}};
        assertArrayEquals(
                new int[] {1, 2, 3, 2, 1, 2, 3, 2, 1},
                K.pad(x, widths, "reflect", 0).ints());
        assertArrayEquals(
                new int[] {3, 3, 2, 1, 1, 2, 3, 3, 2},
                K.pad(x, widths, "symmetric", 0).ints());
        assertArrayEquals(
                new int[] {3, 1, 2, 3, 1, 2, 3, 1, 2},
                K.pad(x, widths, "wrap", 0).ints());
        assertArrayEquals(
                new int[] {1, 1, 1, 1, 1, 2, 3, 3, 3},
                K.pad(x, widths, "edge", 0).ints());
        assertArrayEquals(
                new int[] {9, 9, 9, 9, 1, 2, 3, 9, 9},
                K.pad(x, widths, "constant", 9).ints());
    }

    @Test
    void scatterTakesTheLastOfEquals() {
        Tensor x = K.zeros(Shape.of(4), DType.INT32);
        Tensor index = K.constant(new int[][] {{1}, {-1}, {1}});
        Tensor values = K.constant(new int[] {5, 6, 7});
        assertArrayEquals(
                new int[] {0, 7, 0, 6}, K.scatterUpdate(x, index, values).ints());
        assertArrayEquals(
                new int[] {0, 12, 0, 6}, K.scatter(index, values, Shape.of(4)).ints());
    }

    @Test
    void errorsNameShapes() {
        var e = assertThrows(IllegalArgumentException.class, () -> K.add(random(2, 3), random(4)));
        assertTrue(e.getMessage().contains("(2, 3)") && e.getMessage().contains("(4,)"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> K.reshape(random(2, 3), 4, -1));
        assertThrows(IllegalArgumentException.class, () -> K.transpose(random(2, 3), 0, 0));
        assertThrows(IllegalArgumentException.class, () -> K.max(K.zeros(Shape.of(0), DType.FLOAT32)));
    }

    @Test
    void numbersAreWeak() {
        Tensor half = K.cast(random(3), DType.FLOAT16);
        assertEquals(DType.FLOAT16, K.multiply(half, 0.5).dtype());
        assertEquals(DType.INT32, K.add(K.arange(3), 1).dtype());
        assertEquals(DType.FLOAT32, K.add(K.arange(3), 0.5).dtype());
        assertEquals(DType.FLOAT32, K.divide(K.arange(3), K.arange(3)).dtype());
        assertArrayEquals(
                new int[] {-1, 0, 0},
                K.floorDivide(K.subtract(K.arange(3), 1), 2).ints());
    }

    // ---- linear algebra and signals ---------------------------------------------------------------------------------

    @Test
    void decompositionsMultiplyBack() {
        Tensor a = random(2, 4, 4);
        Tensor symmetric = K.add(a, K.swapaxes(a, 1, 2));
        List<Tensor> eigen = Linalg.eigh(symmetric);
        Tensor scaled = K.multiply(eigen.get(1), K.expandDims(eigen.get(0), 1));
        near(symmetric, K.matmul(scaled, K.swapaxes(eigen.get(1), 1, 2)), 1e-9);
        near(K.broadcastTo(K.identity(4, DType.FLOAT64), a.shape()), K.matmul(a, Linalg.inv(a)), 1e-9);
        near(K.prod(eigen.get(0), 1), Linalg.det(symmetric), 1e-9);
        Tensor tall = random(5, 3);
        List<Tensor> svd = Linalg.svd(tall, true);
        assertEquals(Shape.of(5, 5), svd.get(0).shape());
        Tensor part = K.slice(svd.get(0), new int[] {0, 0}, new int[] {5, 3});
        near(tall, K.matmul(K.multiply(part, svd.get(1)), svd.get(2)), 1e-9);
        near(K.identity(5, DType.FLOAT64), K.matmul(svd.get(0), K.transpose(svd.get(0))), 1e-9);
        near(K.identity(3, DType.FLOAT64), K.matmul(Linalg.pinv(tall), tall), 1e-9);
    }

    @Test
    void fourierTransformsOfAnyLengthAreTheirSums() {
        for (int n : new int[] {1, 7, 64, 97, 130, 192}) {
            Tensor re = random(n);
            Tensor im = K.flip(re);
            var expected = new double[n];
            for (int k = 0; k < n; k++)
                for (int j = 0; j < n; j++) {
                    double angle = -2 * Math.PI * ((long) j * k % n) / n;
                    expected[k] +=
                            re.value().get(j) * Math.cos(angle) - im.value().get(j) * Math.sin(angle);
                }
            near(expected, K.fft(re, im).getFirst(), 1e-9);
            List<Tensor> spectrum = K.rfft(re, null);
            near(re, K.irfft(spectrum.get(0), spectrum.get(1), n), 1e-9);
        }
    }

    // ---- sequences --------------------------------------------------------------------------------------------------

    @Test
    void ctcSumsAllAlignments() {
        Tensor logits = random(1, 4, 3);
        double[] p = K.softmax(logits).doubles();
        double sum = 0;
        for (int code = 0; code < 81; code++) {
            int[] path = {code % 3, code / 3 % 3, code / 9 % 3, code / 27};
            if (!collapse(path).equals(List.of(1, 1))) continue;
            double product = 1;
            for (int t = 0; t < 4; t++) product *= p[3 * t + path[t]];
            sum += product;
        }
        Tensor loss = K.ctcLoss(
                K.constant(new int[][] {{1, 1}}), logits, K.constant(new int[] {2}), K.constant(new int[] {4}), 0);
        near(new double[] {-Math.log(sum)}, loss, 1e-9);
        Tensor shorter = K.ctcLoss(
                K.constant(new int[][] {{2, 1}}), logits, K.constant(new int[] {1}), K.constant(new int[] {1}), 0);
        near(new double[] {-Math.log(p[2])}, shorter, 1e-9);
    }

    private static List<Integer> collapse(int[] path) {
        List<Integer> labels = new ArrayList<>();
        for (int t = 0; t < path.length; t++)
            if (path[t] != 0 && (t == 0 || path[t] != path[t - 1])) labels.add(path[t]);
        return labels;
    }

    @Test
    void beamSearchFindsTheMostProbableLabels() {
        Tensor logits = random(1, 4, 3);
        double[] p = K.softmax(logits).doubles();
        Map<List<Integer>, Double> sums = new HashMap<>();
        for (int code = 0; code < 81; code++) {
            int[] path = {code % 3, code / 3 % 3, code / 9 % 3, code / 27};
            double product = 1;
            for (int t = 0; t < 4; t++) product *= p[3 * t + path[t]];
            sums.merge(collapse(path), product, Double::sum);
        }
        var best = sums.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        var decoded = (List<?>) Operations.call(
                "keras.ops.ctc_decode", List.of(logits, List.of(4)), Map.of("strategy", "beam_search", "top_paths", 2));
        List<Integer> found = new ArrayList<>();
        for (int label : Arrays.copyOf(((Tensor) decoded.get(0)).ints(), 4)) if (label >= 0) found.add(label);
        assertEquals(best.getKey(), found);
        assertEquals(Math.log(best.getValue()), ((Tensor) decoded.get(1)).doubles()[0], 1e-9);
    }

    // ---- by name ----------------------------------------------------------------------------------------------------

    @Test
    void operationsAreFoundByPathAndByClass() {
        Tensor x = K.constant(new float[] {-1, 2});
        for (String name : List.of("keras.ops.relu", "keras.ops.nn.relu", "keras.src.ops.nn.Relu", "Relu"))
            assertArrayEquals(new float[] {0, 2}, ((Tensor) Operations.call(name, List.of(x), Map.of())).floats());
        Tensor sum = (Tensor) Operations.callNode(
                "keras.src.ops.numpy.Sum", Map.of("name", "sum_1", "axis", 0L, "keepdims", true), List.of(x), Map.of());
        assertEquals(Shape.of(1), sum.shape());
        Tensor product = (Tensor) Operations.callNode("Einsum", Map.of("subscripts", "i,i->"), List.of(x, x), Map.of());
        assertEquals(5, product.item());
        assertEquals(DType.FLOAT32, ((Tensor) Operations.call("add", List.of(x, 1L), Map.of())).dtype());
    }

    private static double[] derivative(UnaryOperator<Tensor> f, Tensor x) {
        return Objects.requireNonNull(
                        Gradients.of(List.of(K.sum(f.apply(x))), List.of(K.onesLike(K.sum(x))), List.of(x))
                                .getFirst())
                .doubles();
    }

    /** As in PyTorch, whose derivatives are recorded for operations. */
    @Test
    void derivativesAtEdges() {
        Tensor x = Tensor.of(NDArray.of(Shape.of(5), -2.0, -1.0, 0.5, 1.0, 3.0));
        near(new double[] {-1, -1, 0.5, 1, 1}, K.hardTanh(x), 0);
        assertArrayEquals(new double[] {0, 0, 1, 0, 0}, derivative(K::hardTanh, x));
        Tensor some = Tensor.of(NDArray.of(Shape.of(2), Double.NaN, 2.0));
        for (String name : List.of("nanmax", "nanmin", "nanmean"))
            assertArrayEquals(
                    new double[] {1, 1},
                    derivative(t -> (Tensor) Operations.call(name, List.of(t), Map.of("axis", List.of())), some),
                    name + " over no axis is the value itself");
    }

    @Test
    void numbersThatTheOtherDtypeCannotHoldStayWhatTheyAre() {
        Tensor bytes = K.cast(Tensor.of(NDArray.of(Shape.of(2), 4, 0)), DType.UINT8);
        near(new double[] {-4, 0}, (Tensor) Operations.call("divide", List.of(bytes, -1), Map.of()), 0);
        near(
                new double[] {Math.atan2(4, -1), Math.PI},
                (Tensor) Operations.call("arctan2", List.of(bytes, -1), Map.of()),
                1e-6);
        near(
                new double[] {Math.log(Math.exp(4) + Math.exp(-1)), Math.log(1 + Math.exp(-1))},
                (Tensor) Operations.call("logaddexp", List.of(bytes, -1), Map.of()),
                1e-6);
    }

    @Test
    void pivotsAreInferredAsKerasInfersThem() {
        var matrix = new Spec(DType.FLOAT32, Shape.of(-1, 4, 3));
        assertEquals(
                List.of(matrix, new Spec(DType.FLOAT32, Shape.of(-1, 3))),
                Operations.infer("keras.ops.lu_factor", List.of(matrix), Map.of()));
    }

    @Test
    void wrongCallsSayWhatIsWrong() {
        var unknown = assertThrows(
                IllegalArgumentException.class, () -> Operations.call("keras.ops.softmaxx", List.of(), Map.of()));
        assertTrue(
                unknown.getMessage().contains("softmax,")
                        || unknown.getMessage().contains("softmax]"),
                unknown.getMessage());
        var wrong = assertThrows(
                IllegalArgumentException.class,
                () -> Operations.call("keras.ops.sum", List.of(random(2)), Map.of("axes", 0)));
        assertTrue(
                wrong.getMessage().contains("sum(x, axis=None, keepdims=False)")
                        && wrong.getMessage().contains("\"axes\""),
                wrong.getMessage());
        var missing = assertThrows(
                IllegalArgumentException.class, () -> Operations.call("keras.ops.add", List.of(1), Map.of()));
        assertTrue(missing.getMessage().contains("\"x2\" is missing"), missing.getMessage());
    }

    @Test
    void edgesAreAsInKeras() {
        double inf = Double.POSITIVE_INFINITY;
        assertEquals(
                15, K.einsum("ii", K.constant(new float[][] {{1, 2}, {3, 14}})).item(), "a trace");
        assertEquals(inf, K.hypot(K.constant(Double.NaN), K.constant(-inf)).item());
        var unique = (Tensor) Operations.call(
                "keras.ops.unique", List.of(K.constant(new float[] {1, Float.NaN, 2, Float.NaN})), Map.of());
        assertEquals(Shape.of(4), unique.shape(), "NaN equals nothing");
        var partition = (Tensor) Operations.call(
                "keras.ops.argpartition", List.of(K.constant(new float[] {3, 4, 2, 1, 3, 4}), 1), Map.of());
        assertArrayEquals(new float[] {3, 2, 0, 1, 4, 5}, partition.floats());
        Tensor zero = K.constant(new float[] {0, 0});
        Tensor normed = K.normalize(zero, new int[] {-1}, 2);
        assertTrue(Float.isFinite(
                Gradients.of(List.of(normed), List.of(K.ones(Shape.of(2), DType.FLOAT32)), List.of(zero))
                        .getFirst()
                        .floats()[0]));
        Tensor six = K.constant(new float[] {5, 6, 7});
        Tensor slope = Gradients.of(List.of(K.relu6(six)), List.of(K.ones(Shape.of(3), DType.FLOAT32)), List.of(six))
                .getFirst();
        assertArrayEquals(new float[] {1, 0, 0}, slope.floats());
        var x = new Spec(DType.FLOAT32, Shape.of(-1, 3));
        assertEquals(new Spec(DType.FLOAT32, Shape.of(-1)), Operations.infer("keras.ops.diag", List.of(x), Map.of()));
        assertEquals(
                new Spec(DType.FLOAT32, Shape.of(-1, 1)),
                Operations.infer(
                        "keras.ops.get_item", List.of(x, List.of(Slice.of(null, 5), Slice.of(2, null))), Map.of()));
    }

    // ---- complex numbers and NumPy's other forms --------------------------------------------------------------------

    @Test
    void complexNumbersAreTwoParts() {
        Complex z = K.viewAsComplex(K.constant(new double[][] {{3, 4}, {0, -2}, {-1, 0}}));
        near(new double[] {3, 0, -1}, K.real(z), 0);
        near(new double[] {5, 2, 1}, K.absolute(z), 1e-12);
        near(new double[] {Math.atan2(4, 3), -Math.PI / 2, Math.PI}, K.angle(z), 1e-12);
        near(new double[] {3, -4, 0, 2, -1, 0}, K.viewAsReal(K.conjugate(z)), 0);
        Complex back = K.polar(K.absolute(z), K.angle(z));
        near(new double[] {4, -2, 0}, K.imag(back), 1e-12);
        Tensor real = (Tensor) Operations.call("keras.ops.isreal", List.of(z), Map.of());
        assertArrayEquals(new int[] {0, 0, 1}, real.ints());
        assertThrows(IllegalArgumentException.class, () -> K.viewAsComplex(random(2, 3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Operations.call("keras.ops.view_as_real", List.of(random(2, 2)), Map.of()));
        var e = assertThrows(
                IllegalArgumentException.class, () -> Operations.call("keras.ops.exp", List.of(z), Map.of()));
        assertTrue(e.getMessage().contains("Complex"), e.getMessage());
    }

    @Test
    void numpysOtherForms() {
        Tensor a = K.constant(new double[] {1, 2});
        Tensor b = K.constant(new double[] {3, 4});
        assertEquals(Shape.of(2, 2), K.vstack(List.of(a, b)).shape());
        near(new double[] {1, 2, 3, 4}, K.hstack(List.of(a, b)), 0);
        near(new double[] {1, 3, 2, 4}, K.dstack(List.of(a, b)), 0);
        near(new double[] {1, 2, 3, 4}, K.append(a, b, null), 0);
        Tensor m = K.vstack(List.of(a, b));
        near(new double[] {1, 2, 1, 2, 3, 4, 3, 4}, K.append(m, m, 1), 0);
        near(new double[] {3, 4, 1, 2}, K.flipud(m), 0);
        near(new double[] {2, 1, 4, 3}, K.fliplr(m), 0);
        near(new double[] {2, 4}, K.hsplit(m, 2).get(1), 0);
        near(new double[] {3, 4}, K.vsplit(m, 2).get(1), 0);
        near(new double[] {0, 1, 0, 0, 0, 2, 0, 0, 0}, K.diagflat(a, 1), 0);
        near(new double[] {0, 0.5, 1, 0.5, 0}, K.bartlett(5), 1e-6);
        near(new double[] {0, 0.5, 1, 0.5, 0}, K.hanning(5), 1e-6);
        near(new double[] {0.08, 0.54, 1, 0.54, 0.08}, K.hamming(5), 1e-6);
        near(new double[] {0, 0.34, 1, 0.34, 0}, K.blackman(5), 1e-6);
        Tensor holes = K.constant(new double[] {1, Double.NaN, 3});
        assertEquals(2, K.nanargmax(holes, null, false).item());
        assertEquals(0, K.nanargmin(holes, 0, false).item());
        near(new double[] {1, 1, 4}, K.nancumsum(holes, 0), 0);
        near(new double[] {1, 1, 3}, K.nancumprod(holes, 0), 0);
        near(new double[] {2}, K.nanpercentile(holes, K.constant(50.0), null, "linear", false), 1e-12);
        near(new double[] {Math.log(2)}, Linalg.logdet(m), 1e-12);
        assertEquals(
                1, K.argpartition(K.constant(new double[] {5, 1, 3}), 0, -1).ints()[0]);
    }
}

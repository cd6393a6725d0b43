package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Graph;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Constant;
import org.keras4j.op.Op;
import org.keras4j.ops.K;
import org.keras4j.serialization.Registry;

class SequenceLayersTest {
    private final Random random = new Random(5);

    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    /** A cell of the user's: h + x, with a second state that counts the steps. */
    private static final class Sum extends RNNCell<Sum> {
        private Variable weight;

        @Override
        public List<?> stateSize() {
            return List.of(3, 1);
        }

        @Override
        protected void build(Shape input) {
            weight = addWeight("weight", Shape.of(input.last()), o -> o.initializer(new Constant(2)));
        }

        @Override
        protected Step advance(Tensor x, List<?> states, boolean training) {
            Tensor h = K.add((Tensor) states.get(0), K.multiply(x, weight.value()));
            return new Step(h, List.of(h, K.add((Tensor) states.get(1), 1)));
        }
    }

    @TestFactory
    Stream<DynamicTest> configsMakeEqualLayers() {
        return Stream.of(
                        new SimpleRNN(3).recurrentDropout(0.1),
                        new LSTM(3)
                                .returnSequences(true)
                                .recurrentActivation("hard_sigmoid")
                                .unitForgetBias(false),
                        new GRU(3)
                                .resetAfter(false)
                                .goBackwards(true)
                                .kernelRegularizer("l2")
                                .dropout(0.2)
                                .seed(7),
                        new RNN(List.of(new LSTMCell(2), new GRUCell(3))).returnState(true),
                        new Bidirectional(new LSTM(2).returnSequences(true)).mergeMode("ave"),
                        new TimeDistributed(new Dense(3)),
                        new ConvLSTM2D(2, 3).padding("same").strides(2),
                        new Attention().useScale(true).scoreMode("concat"),
                        new AdditiveAttention().dropout(0.1),
                        new MultiHeadAttention(2, 3).valueDim(4).outputShape(5).attentionAxes(1),
                        new GroupedQueryAttention(3, 4, 2).useGate(true).slidingWindow(2))
                .map(layer -> DynamicTest.dynamicTest(layer.className(), () -> {
                    Map<String, Object> config = PlainConfig.object((Layer) layer);
                    var copy = (Layer) Registry.keras().deserialize(config, "test");
                    assertEquals(config, PlainConfig.object(copy));
                }));
    }

    @Test
    void runsCellsOfTheUser() {
        var rnn = new RNN(new Sum()).returnState(true);
        Tensor x = Tensor.of(NDArray.of(Shape.of(1, 2, 3), 1f, 2f, 3f, 10f, 20f, 30f));
        List<?> outputs = (List<?>) rnn.applyTo(Call.of(x));
        assertArrayEquals(new float[] {22, 44, 66}, ((Tensor) outputs.get(0)).floats());
        assertArrayEquals(new float[] {2}, ((Tensor) outputs.get(2)).floats());
    }

    @Test
    void inputProjectionIsOutsideTheLoop() {
        Tensor y = new LSTM(3).apply(uniform(2, 5, 4));
        Tensor loop = Graph.sort(List.of(y)).stream()
                .filter(t -> t.op() instanceof Op.Scan)
                .findFirst()
                .orElseThrow();
        Graph body = (Graph) ((Op.Scan) loop.op()).body();
        assertEquals(
                1,
                Graph.sort(body.results()).stream()
                        .filter(t -> t.op() instanceof Op.Dot)
                        .count());
    }

    @Test
    void backwardsGivesStepsInItsOrder() {
        var forward = new SimpleRNN(3).returnSequences(true);
        Tensor x = uniform(2, 4, 3);
        Tensor y = forward.apply(x);
        var back = new SimpleRNN(3).returnSequences(true).goBackwards(true);
        back.apply(x);
        back.setWeights(forward.getWeights());
        assertArrayEquals(y.floats(), back.apply(K.flip(x, 1)).floats(), 1e-6f);
    }

    @Test
    void maskedStepsLeaveTheStateAlone() {
        var lstm = new LSTM(3);
        Tensor x = uniform(2, 4, 3);
        Tensor two = lstm.apply(K.slice(x, 1, 0, 2, 1));
        Tensor mask = Tensor.of(NDArray.of(Shape.of(2, 4), true, true, false, false, true, true, false, false));
        assertArrayEquals(two.floats(), ((Tensor) lstm.applyTo(Call.of(x).with("mask", mask))).floats(), 1e-6f);
        Tensor carried = K.multiply(x, 1).mask(mask);
        assertArrayEquals(two.floats(), lstm.apply(carried).floats(), 1e-6f);
    }

    @Test
    void maskedStepsRepeatTheOutputOrGiveZeros() {
        Tensor x = uniform(1, 3, 2);
        Tensor mask = Tensor.of(NDArray.of(Shape.of(1, 3), false, true, false));
        var gru = new GRU(2).returnSequences(true);
        float[] y = ((Tensor) gru.applyTo(Call.of(x).with("mask", mask))).floats();
        assertEquals(0, y[0]);
        assertNotEquals(0, y[2]);
        assertEquals(y[2], y[4]);
        gru.zeroOutputForMask(true);
        assertEquals(0, ((Tensor) gru.applyTo(Call.of(x).with("mask", mask))).floats()[4]);
    }

    @Test
    void statefulLayersGoOnWhereTheyStopped() {
        var whole = new GRU(3);
        Tensor x = uniform(2, 4, 3);
        float[] expected = whole.apply(x).floats();
        var parts = new GRU(3).stateful(true);
        parts.apply(K.slice(x, 1, 0, 2, 1));
        parts.setWeights(whole.getWeights());
        parts.resetState();
        parts.apply(K.slice(x, 1, 0, 2, 1)).floats();
        assertArrayEquals(expected, parts.apply(K.slice(x, 1, 2, 4, 1)).floats(), 1e-6f);
        assertThrows(IllegalArgumentException.class, () -> parts.apply(uniform(3, 2, 3)));
    }

    @Test
    void dropoutWorksInTrainingOnly() {
        Tensor x = uniform(2, 4, 3);
        for (var layer : List.of(
                new LSTM(3).dropout(0.5).seed(1),
                        new LSTM(3).recurrentDropout(0.5).seed(1),
                new LSTM(3).implementation(1).dropout(0.5),
                        new GRU(3).resetAfter(false).recurrentDropout(0.4).dropout(0.3))) {
            float[] y = layer.apply(x).floats();
            assertArrayEquals(y, layer.apply(x).floats());
            float[] trained = ((Tensor) layer.applyTo(Call.of(x).with("training", true))).floats();
            assertFalse(Arrays.equals(y, trained), layer.describe());
        }
    }

    @Test
    void bidirectionalMakesTwoFreshLayers() {
        var both = new Bidirectional(new LSTM(3).name("lstm"));
        Tensor y = both.apply(uniform(2, 4, 3));
        assertEquals(Shape.of(2, 6), y.shape());
        assertEquals("forward_lstm", both.forwardLayer().name());
        assertEquals("backward_lstm", both.backwardLayer().name());
        assertFalse(Arrays.equals(
                both.getWeights().get(0).floats(), both.getWeights().get(3).floats()));
        assertThrows(IllegalArgumentException.class, () -> both.mergeMode("max"));
        assertThrows(IllegalArgumentException.class, () -> new Bidirectional(new Dense(2)));
    }

    @Test
    void attentionSeesWhatMasksLeave() {
        var attention = new MultiHeadAttention(2, 3);
        Tensor x = uniform(2, 4, 5);
        Call call = Call.of(x, x).with("use_causal_mask", true).with("return_attention_scores", true);
        List<?> outputs = (List<?>) attention.applyTo(call);
        assertEquals(Shape.of(2, 4, 5), ((Tensor) outputs.get(0)).shape());
        float[] weights = ((Tensor) outputs.get(1)).floats();
        for (int query = 0; query < 4; query++)
            for (int key = 0; key < 4; key++) assertEquals(key > query, weights[query * 4 + key] == 0);
        float[] fused = ((Tensor) attention.applyTo(Call.of(x, x).with("use_causal_mask", true))).floats();
        assertArrayEquals(((Tensor) outputs.get(0)).floats(), fused, 1e-6f);
    }

    @Test
    void symbolicShapesKeepUnknownSizes() {
        var x = new KerasTensor(Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, 4), DType.FLOAT32, "x");
        assertEquals(
                Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, 6),
                new Bidirectional(new GRU(3).returnSequences(true)).apply(x).shape());
        assertEquals(Shape.of(Shape.UNKNOWN, 3), new LSTM(3).apply(x).shape());
        assertEquals(
                Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, 4),
                new MultiHeadAttention(2, 3).apply(x, x).shape());
        assertEquals(
                Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, 5),
                new TimeDistributed(new Dense(5)).apply(x).shape());
    }

    @Test
    void messagesNameTheLayer() {
        String rank = assertThrows(
                        IllegalArgumentException.class,
                        () -> new LSTM(3).name("memory").apply(uniform(2, 3)))
                .getMessage();
        assertTrue(rank.contains("LSTM \"memory\"") && rank.contains("(2, 3)"), rank);
        String units =
                assertThrows(IllegalArgumentException.class, () -> new GRU(0)).getMessage();
        assertTrue(units.contains("units") && units.contains("0"), units);
        String states = assertThrows(
                        IllegalArgumentException.class, () -> new LSTM(3).apply(uniform(2, 4, 3), uniform(2, 3)))
                .getMessage();
        assertTrue(states.contains("2 initial states"), states);
        assertThrows(IllegalArgumentException.class, () -> new GroupedQueryAttention(3, 4, 3));
        assertThrows(IllegalArgumentException.class, () -> new Attention().apply(uniform(2, 3, 4)));
    }

    private Tensor uniform(int... dims) {
        NDArray out = NDArray.zeros(DType.FLOAT32, Shape.of(dims));
        for (int i = 0; i < out.size(); i++) out.set(i, random.nextDouble() * 2 - 1);
        return Tensor.of(out);
    }
}

package org.keras4j.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

class ActivationsTest {
    @BeforeAll
    static void reference() {
        Backends.use("reference");
    }

    @Test
    void namesAndConfigsMeanTheSame() {
        Activation relu = Activations.get("relu");
        assertSame(relu, Activations.get(Map.of("class_name", "function", "module", "builtins", "config", "relu")));
        assertSame(relu, Activations.get(relu));
        assertEquals("relu", Activations.serialize(relu));
        assertEquals("silu", Activations.serialize(Activations.get("swish")));
        assertEquals("linear", Activations.serialize(Activations.get(null)));
        assertArrayEquals(
                new float[] {0, 3}, relu.call(K.constant(new float[] {-2, 3})).floats());
    }

    @Test
    void defaultsAreThoseOfActivationsNotOfOperations() {
        Tensor x = K.constant(new double[] {-1, 0.5});
        assertArrayEquals(
                K.gelu(x, false).doubles(), Activations.get("gelu").call(x).doubles());
        assertArrayEquals(
                new double[] {-0.2, 0.5}, Activations.get("leaky_relu").call(x).doubles(), 1e-12);
    }

    @Test
    void hardSigmoidOfOldFilesIsAnotherFunction() {
        Tensor one = K.constant(new double[] {1});
        assertEquals(0.7, Activations.get("hard_sigmoid_v2").call(one).item(), 1e-12);
        assertEquals(4.0 / 6, Activations.get("hard_sigmoid").call(one).item(), 1e-12);
    }

    @Test
    void unknownNamesListTheKnown() {
        var e = assertThrows(IllegalArgumentException.class, () -> Activations.get("rellu"));
        assertTrue(e.getMessage().contains("\"rellu\"") && e.getMessage().contains("relu6"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Activations.get(3));
    }

    @Test
    void ownActivationsCanBeSavedOnceTheyHaveAName() {
        Activation own = x -> K.multiply(x, 2.0);
        assertThrows(IllegalArgumentException.class, () -> Activations.serialize(own));
        Activations.register("twice", own);
        assertEquals(6, Activations.get("twice").call(K.constant(3.0)).item());
        assertEquals("twice", Activations.serialize(Activations.get("package>twice")));
        assertThrows(IllegalArgumentException.class, () -> Activations.register("relu", own));
    }
}

package org.keras4j.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Expectations were computed by Keras 3.15.1. */
class RegularizersTest {
    private static final Tensor X = K.constant(new float[][] {{3, -1}, {4, .5f}});

    @Test
    void computesPenalties() {
        assertEquals(.85, new L1(.1).call(X).item(), 1e-6);
        assertEquals(2.625, new L2(.1).call(X).item(), 1e-6);
        assertEquals(6.1, new L1L2(.1, .2).call(X).item(), 1e-6);
        assertEquals(0, new L1L2().call(X).item());
        // The cosine between the columns times half of the factor, for two equal entries beside the diagonal.
        double cosine = 1 / (5 * Math.sqrt(1.25));
        assertEquals(
                .5 * cosine, new OrthogonalRegularizer(.5, "columns").call(X).item(), 1e-6);
    }

    @Test
    void saysWhatItExpects() {
        assertEquals(L1L2.class, Regularizers.get("l1_l2").getClass());
        assertThrows(IllegalArgumentException.class, () -> new L2(-1));
        assertThrows(IllegalArgumentException.class, () -> new L1(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new OrthogonalRegularizer().mode("diagonal"));
        assertThrows(IllegalArgumentException.class, () -> new OrthogonalRegularizer().call(K.constant(1f)));
        var error = assertThrows(IllegalArgumentException.class, () -> Regularizers.get("l3"));
        assertTrue(
                error.getMessage().startsWith("Unknown regularizer \"l3\" (did you mean \"l1\" or \"l2\"?); known: "),
                error.getMessage());
    }
}

package org.keras4j.constraints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Expectations were computed by Keras 3.15.1. */
class ConstraintsTest {
    private static final Tensor X = K.constant(new float[][] {{3, -1}, {4, .5f}});

    private static void assertProjects(Constraint constraint, float... expected) {
        assertArrayEquals(expected, constraint.call(X).floats(), 2e-6f);
    }

    @Test
    void projectsWeights() {
        assertProjects(new MaxNorm(2), 1.2f, -1, 1.6f, .5f);
        assertProjects(new UnitNorm(1), .948683f, -.316228f, .992278f, .124035f);
        assertProjects(new MinMaxNorm(1, 2, .5), 2.1f, -1, 2.8f, .5f);
        assertProjects(new NonNeg(), 3, 0, 4, .5f);
    }

    @Test
    void severalAxesAreAList() {
        assertEquals(
                "{max_value=3.0, axis=[0, 1]}",
                new MaxNorm(3.0).axis(0, 1).getConfig().toString());
        assertEquals(
                "{max_value=2, axis=0}", Constraints.get("max_norm").getConfig().toString());
    }
}

package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.Shape;

class ReductionAxesTest {
    @Test
    void neighboursAreReducedAtOnce() {
        assertEquals(List.of(new ReductionAxes(2, 12, 5)), steps(Shape.of(2, 3, 4, 5), false, true, true, false));
        assertEquals(List.of(new ReductionAxes(1, 120, 1)), steps(Shape.of(2, 3, 4, 5), true, true, true, true));
        assertEquals(
                List.of(new ReductionAxes(2, 12, 5)), steps(Shape.of(2, 3, 1, 4, 5), false, true, false, true, false));
    }

    @Test
    void separateAxesAreReducedOneAfterTheOther() {
        // the second step sees what the first leaves: 2 x 3
        assertEquals(
                List.of(new ReductionAxes(6, 4, 1), new ReductionAxes(1, 2, 3)),
                steps(Shape.of(2, 3, 4), true, false, true));
        assertEquals(
                List.of(new ReductionAxes(24, 5, 6), new ReductionAxes(2, 3, 24)),
                steps(Shape.of(2, 3, 4, 5, 6), false, true, false, true, false));
    }

    @Test
    void nothingToReduceIsOneStep() {
        assertEquals(List.of(new ReductionAxes(6, 1, 1)), steps(Shape.of(2, 3), false, false));
        assertEquals(List.of(new ReductionAxes(6, 1, 1)), steps(Shape.of(2, 1, 3), false, true, false));
    }

    private static List<ReductionAxes> steps(Shape shape, boolean... reduced) {
        return ReductionAxes.steps(shape, reduced);
    }
}

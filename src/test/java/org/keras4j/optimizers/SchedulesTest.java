package org.keras4j.optimizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.CosineDecay;
import org.keras4j.optimizers.schedules.CosineDecayRestarts;
import org.keras4j.optimizers.schedules.ExponentialDecay;
import org.keras4j.optimizers.schedules.InverseTimeDecay;
import org.keras4j.optimizers.schedules.LearningRateSchedule;
import org.keras4j.optimizers.schedules.PiecewiseConstantDecay;
import org.keras4j.optimizers.schedules.PolynomialDecay;

class SchedulesTest {
    private static final int[] STEPS = {0, 2, 3, 5, 9};

    /** Rates at {@link #STEPS}, computed by Keras 3.15.1. */
    static Stream<Arguments> schedules() {
        return Stream.of(
                rates(new ExponentialDecay(.1, 4, .5), .1, .070711, .05946, .042045, .021022),
                rates(new ExponentialDecay(.1, 4, .5).staircase(true), .1, .1, .1, .05, .025),
                rates(new InverseTimeDecay(.1, 4, .5), .1, .08, .072727, .061538, .047059),
                rates(new PiecewiseConstantDecay(List.of(2, 5), List.of(1., .5, .1)), 1, 1, .5, .5, .1),
                rates(new PolynomialDecay(.1, 4, .01).power(2), .1, .0325, .015625, .01, .01),
                rates(new PolynomialDecay(.1, 4, .01).power(.5).cycle(true), .1, .07364, .055, .065114, .055),
                rates(new CosineDecay(.1, 4, .1), .1, .055, .02318, .01, .01),
                rates(new CosineDecay(0, 4).warmupTarget(.2).warmupSteps(3), 0, .133333, .2, .1, 0),
                rates(new CosineDecayRestarts(.1, 3).mMul(.5).alpha(.1), .1, .0325, .055, .04375, .0325),
                rates(new CosineDecayRestarts(.1, 3).tMul(1), .1, .025, .1, .025, .1));
    }

    private static Arguments rates(LearningRateSchedule schedule, double... rates) {
        return Arguments.of(schedule, rates);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void givesTheRateOfEachStep(LearningRateSchedule schedule, double[] rates) {
        for (int i = 0; i < STEPS.length; i++)
            assertEquals(rates[i], schedule.call(K.constant(STEPS[i])).item(), 1e-6, "step " + STEPS[i]);
    }

    @Test
    void needsPositiveStepsAndOneValueMoreThanBoundaries() {
        assertThrows(IllegalArgumentException.class, () -> new CosineDecay(.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new PiecewiseConstantDecay(List.of(1), List.of(.1)));
    }
}

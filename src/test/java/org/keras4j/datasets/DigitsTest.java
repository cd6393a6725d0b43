package org.keras4j.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

class DigitsTest {
    private final Split digits = Digits.loadData();

    @Test
    void hasKerasShapesAndTypes() {
        assertEquals(Shape.of(1437, 8, 8), digits.xTrain().shape());
        assertEquals(Shape.of(1437), digits.yTrain().shape());
        assertEquals(Shape.of(360, 8, 8), digits.xTest().shape());
        assertEquals(Shape.of(360), digits.yTest().shape());
        assertEquals(DType.UINT8, digits.xTest().dtype());
        assertEquals(DType.UINT8, digits.yTest().dtype());
    }

    @Test
    void isThePublishedData() {
        assertArrayEquals(
                new int[] {0, 0, 5, 13, 9, 1, 0, 0},
                Arrays.copyOf(digits.xTrain().ints(), 8));
        assertArrayEquals(
                new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                Arrays.copyOf(digits.yTrain().ints(), 10));
        // digits per class in the published test part
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, countLabels());
    }

    @Test
    void staysWithinTheGreyLevels() {
        assertTrue(Arrays.stream(digits.xTrain().ints()).allMatch(grey -> grey >= 0 && grey <= Digits.BLACK));
        assertEquals(Digits.BLACK, Arrays.stream(digits.xTest().ints()).max().orElseThrow());
    }

    private int[] countLabels() {
        var counts = new int[10];
        for (NDArray labels : new NDArray[] {digits.yTrain(), digits.yTest()})
            for (int label : labels.ints()) counts[label]++;
        return counts;
    }
}

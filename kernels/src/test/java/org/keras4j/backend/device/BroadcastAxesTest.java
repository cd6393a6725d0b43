package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.Shape;

class BroadcastAxesTest {
    @Test
    void neighboursThatRepeatAlikeAreOneAxis() {
        var axes = BroadcastAxes.of(
                Shape.of(2, 1, 3, 4, 5),
                List.of(
                        Shape.of(2, 1, 3, 4, 5),
                        Shape.of(1, 1, 1, 4, 5),
                        Shape.of(2, 1, 3, 1, 1),
                        Shape.of(1, 1, 1, 1, 1)));
        assertArrayEquals(new int[] {6, 20}, axes.dims());
        assertEquals("(i0) * d1", axes.row(0));
        assertEquals("0", axes.row(1));
        assertEquals("i0", axes.row(2));
        assertTrue(axes.isUniform(3));
        assertTrue(axes.hasColumns(1));
        assertFalse(axes.hasColumns(2));
    }

    @Test
    void axesThatAlternateStay() {
        var axes = BroadcastAxes.of(Shape.of(2, 3, 4), List.of(Shape.of(2, 1, 4), Shape.of(1, 3, 1)));
        assertArrayEquals(new int[] {2, 3, 4}, axes.dims());
        assertEquals("(i0) * d2", axes.row(0));
        assertEquals("i1", axes.row(1));
        assertEquals(24, axes.size());
    }

    @Test
    void oneElementHasOneAxis() {
        var axes = BroadcastAxes.of(Shape.of(1, 1), List.of(Shape.of(1, 1)));
        assertArrayEquals(new int[] {1}, axes.dims());
        assertTrue(axes.isUniform(0));
    }
}

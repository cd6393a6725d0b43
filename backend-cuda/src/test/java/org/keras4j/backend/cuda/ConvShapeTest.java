package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keras4j.Shape;
import org.keras4j.op.Ints;
import org.keras4j.op.Window;

class ConvShapeTest {
    private static Window window(int stride, int low, int high) {
        return new Window(Ints.of(stride, stride), Ints.of(1, 1), Ints.of(low, low), Ints.of(high, high), 1);
    }

    @Test
    void equalPaddingIsLeftToCudnn() {
        var shape = ConvShape.of(window(1, 1, 1), Shape.of(2, 8, 9, 3), Shape.of(3, 3, 3, 5), Shape.of(2, 8, 9, 5));
        assertFalse(shape.padded());
        assertArrayEquals(new int[] {1, 1}, shape.pads());
        assertEquals(27, shape.kernelRows());
    }

    @Test
    void paddingThatChangesTheWindowsIsMadeBefore() {
        // "same" of an even size with strides of 2: nothing before, one row after
        var shape = ConvShape.of(window(2, 0, 1), Shape.of(1, 8, 8, 3), Shape.of(3, 3, 3, 5), Shape.of(1, 4, 4, 5));
        assertTrue(shape.padded());
        assertArrayEquals(new int[] {9, 9}, shape.x());
        assertArrayEquals(new int[] {0, 0}, shape.pads());
        assertEquals(9 * 9 * 3, shape.xElements());
    }

    @Test
    void rowsThatNoWindowReachesNeedNoPadding() {
        var shape = ConvShape.of(window(2, 0, 1), Shape.of(1, 7, 7, 3), Shape.of(3, 3, 3, 5), Shape.of(1, 3, 3, 5));
        assertFalse(shape.padded());
    }

    @Test
    void oneAxisBecomesTwo() {
        var window = new Window(Ints.of(1), Ints.of(2), Ints.of(2), Ints.of(2), 1);
        var shape = ConvShape.of(window, Shape.of(4, 10, 3), Shape.of(3, 3, 7), Shape.of(4, 10, 7));
        assertArrayEquals(new int[] {1, 10}, shape.x());
        assertArrayEquals(new int[] {0, 2}, shape.pads());
        assertArrayEquals(new int[] {1, 2}, shape.dilations());
        int[] sizes = ConvShape.sizes(4, 3, shape.x());
        assertArrayEquals(new int[] {4, 3, 1, 10}, sizes);
        assertArrayEquals(new int[] {30, 1, 30, 3}, ConvShape.stridesOf(sizes));
    }
}

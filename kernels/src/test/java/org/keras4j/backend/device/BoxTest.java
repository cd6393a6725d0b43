package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BoxTest {
    @Test
    void wholeTensorIsOneBlock() {
        Box box = Box.of(new int[] {3, 1, 5}, 0, new int[] {5, 5, 1}, 2, new int[] {5, 5, 1}, 4);
        assertTrue(box.isBlock());
        assertEquals(List.of(new Box.Axis(15, 1, 1)), box.axes());
        assertEquals(4, box.width());
        assertEquals(2, box.to());
    }

    @Test
    void rowsMoveAsWideAsPlacesAllow() {
        // rows of 8 floats out of rows of 12, from element 4 on
        Box wide = Box.of(new int[] {5, 8}, 4, new int[] {12, 1}, 16, new int[] {8, 1}, 4);
        assertEquals(16, wide.width());
        assertEquals(List.of(new Box.Axis(2, 1, 1), new Box.Axis(5, 3, 2)), wide.axes());
        assertEquals(1, wide.from());
        assertEquals(4, wide.to());
        assertEquals(
                8,
                Box.of(new int[] {5, 8}, 2, new int[] {12, 1}, 16, new int[] {8, 1}, 4)
                        .width());
        assertEquals(
                4,
                Box.of(new int[] {5, 8}, 2, new int[] {13, 1}, 16, new int[] {8, 1}, 4)
                        .width());
        assertEquals(
                16,
                Box.of(new int[] {5, 8}, 2, new int[] {12, 1}, 16, new int[] {8, 1}, 8)
                        .width());
    }

    @Test
    void whatIsAlwaysTogetherIsTurnedAsOne() {
        // [6, 7, 4] -> [7, 6, 4]: the four floats are one element of 16 bytes
        Box box = Box.of(new int[] {7, 6, 4}, 0, new int[] {4, 28, 1}, 0, new int[] {24, 4, 1}, 4);
        assertEquals(16, box.width());
        assertEquals(List.of(new Box.Axis(6, 7, 1), new Box.Axis(7, 1, 6)), box.axes());
        assertEquals(1, box.crossed());
        assertFalse(box.isBlock());
        assertEquals(42, box.count());
    }

    @Test
    void reversedAxesAreNotJoined() {
        Box box = Box.of(new int[] {3, 4}, 3, new int[] {4, -1}, 0, new int[] {4, 1}, 4);
        assertEquals(List.of(new Box.Axis(4, -1, 1), new Box.Axis(3, 4, 4)), box.axes());
        assertEquals(-1, box.crossed());
    }
}

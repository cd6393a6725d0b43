package org.keras4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.NDArray;
import org.keras4j.Shape;

class PicturesTest {
    @Test
    void drawsInkTwiceAsWideAsHigh() {
        NDArray images = NDArray.of(Shape.of(2, 2, 2), 0, 16, 8, 0, 16, 16, 0, 0);
        String expected = """
                  @@    @@@@
                ++
                one     two
                """;
        assertEquals(expected, Pictures.sideBySide(images, 16, List.of("one", "two")));
    }
}

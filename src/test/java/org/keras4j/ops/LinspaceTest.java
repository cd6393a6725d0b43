package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.graph.Tensor;

/** Whole numbers at even distances, and the distance. */
class LinspaceTest {
    private static Object linspace(Object start, Object stop, int num, Map<String, ?> more) {
        return Operations.call("keras.ops.linspace", List.of(start, stop, num), more);
    }

    private static NDArray whole(Object start, Object stop, int num) {
        return ((Tensor) linspace(start, stop, num, Map.of("dtype", "int32"))).value();
    }

    @Test
    void wholeDistancesAreExact() {
        for (int n = 1; n <= 200; n++) {
            NDArray x = whole(-n, 2 * n, 3 * n + 1);
            for (int i = 0; i <= 3 * n; i++) assertEquals(i - n, (int) x.get(i), "of " + n);
        }
    }

    @Test
    void othersAreRoundedDown() {
        NDArray x = whole(-3, 4, 4);
        assertEquals(List.of(-3.0, -1.0, 1.0, 4.0), List.of(x.get(0), x.get(1), x.get(2), x.get(3)));
        NDArray y = whole(0, 2.5, 6);
        assertEquals(
                List.of(0.0, 0.0, 1.0, 1.0, 2.0, 2.0),
                List.of(y.get(0), y.get(1), y.get(2), y.get(3), y.get(4), y.get(5)));
    }

    @Test
    void theDistanceStaysAFraction() {
        var both = (List<?>) linspace(0, 10, 4, Map.of("dtype", "int32", "retstep", true));
        assertEquals(DType.INT32, ((Tensor) both.get(0)).dtype());
        assertEquals(3.3333335f, (float) ((Tensor) both.get(1)).value().get(0));
        var open = (List<?>) linspace(0, 10, 4, Map.of("dtype", "int32", "retstep", true, "endpoint", false));
        assertEquals(2.5, ((Tensor) open.get(1)).value().get(0));
        assertEquals(7, ((Tensor) open.get(0)).value().get(3));
        var one = (List<?>) linspace(0.0, 1.0, 1, Map.of("retstep", true));
        assertTrue(Double.isNaN(((Tensor) one.get(1)).value().get(0)));
    }
}

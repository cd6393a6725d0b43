package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CudaOptionsTest {
    private static CudaOptions read(Map<String, String> properties, Map<String, String> variables) {
        return CudaOptions.read(properties::get, variables::get);
    }

    @Test
    void defaults() {
        assertEquals(new CudaOptions(0, false, false, false, true), read(Map.of(), Map.of()));
    }

    @Test
    void propertiesWinOverVariables() {
        CudaOptions options = read(
                Map.of("keras.cuda.tf32", "0", "keras.cuda.device", "2"),
                Map.of("KERAS_CUDA_TF32", "1", "KERAS_CUDA_AUTOTUNE", "1", "KERAS_CUDA_GRAPHS", "off"));
        assertEquals(new CudaOptions(2, false, true, false, false), options);
    }

    @Test
    void faultyValuesSayWhatWasExpected() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> read(Map.of(), Map.of("KERAS_CUDA_DETERMINISTIC", "maybe")));
        assertTrue(e.getMessage().contains("KERAS_CUDA_DETERMINISTIC must be 0 or 1, got \"maybe\""), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> read(Map.of("keras.cuda.device", "first"), Map.of()));
    }
}

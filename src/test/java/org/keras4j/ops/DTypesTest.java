package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.DType;
import org.keras4j.saving.archive.Json;

class DTypesTest {
    /** From {@code keras.backend.result_type}; where that has 32 bits only because JAX has no others, with 64. */
    @ParameterizedTest
    @CsvSource({
        "bool, int, int32",
        "bool, float, float32",
        "uint8, int8, int16",
        "uint8, int, uint8",
        "uint16, int16, int32",
        "uint32, int32, int64",
        "int8, float16, float16",
        "int32, float, float32",
        "int64, float16, float16",
        "float16, bfloat16, float32",
        "bfloat16, float, bfloat16",
        "float16, float32, float32",
        "int, float, float32",
        "int, int, int32",
        "uint32, int, uint32",
        "float64, float32, float64",
        "bool, bool, bool",
        "int64, float, float32",
        "float64, int, float64",
        "float16, int, float16"
    })
    void promotesLikeKeras(String a, String b, String expected) {
        assertEquals(DType.of(expected), DTypes.resultType(a, b));
        assertEquals(DType.of(expected), DTypes.resultType(b, a));
    }

    @Test
    void allPairsOfKerasAgree() throws IOException {
        Path inside = Path.of("../shared/conformance/replay/dtype_promotion.json");
        Path file = Files.exists(inside) ? inside : Path.of("..").resolve(inside);
        assumeTrue(Files.exists(file), "the recorded pairs are not beside this checkout");
        String text = Files.readString(file);
        var pairs = (List<?>) Json.parseObject(text, "dtype_promotion.json", "").get("pairs");
        for (Object o : pairs) {
            var pair = (List<?>) o;
            DType got = DTypes.resultType((String) pair.get(0), (String) pair.get(1));
            // The file was made with JAX in 32-bit mode.
            DType narrow = got == DType.INT64 ? DType.INT32 : got == DType.FLOAT64 ? DType.FLOAT32 : got;
            assertEquals(pair.get(2), narrow.keras(), pair.toString());
        }
        assertEquals(105, pairs.size());
    }

    @Test
    void weakNumbersKeepTheDtypeOfTensors() {
        assertEquals(DType.FLOAT16, DTypes.withFloat(DType.FLOAT16));
        assertEquals(DType.FLOAT32, DTypes.withFloat(DType.INT8));
        assertEquals(DType.UINT8, DTypes.withInt(DType.UINT8));
        assertEquals(DType.INT32, DTypes.withInt(DType.BOOL));
        assertEquals(DType.FLOAT64, DTypes.floating(DType.FLOAT64));
        assertThrows(IllegalArgumentException.class, () -> DTypes.floatx(DType.INT32));
    }
}

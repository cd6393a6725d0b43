package org.keras4j.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** What goes beyond the contract: signs of zeros, and refusals. */
final class ElementMathTest {
    @Test
    void zerosOfModAndFloorDivHaveNumPysSigns() {
        assertEquals(-0.0, BinaryMath.mod(6, -3));
        assertEquals(0.0, BinaryMath.mod(-6, 3));
        assertEquals(0.0, BinaryMath.mod(-0.0, 3));
        assertEquals(-0.0, BinaryMath.floorDiv(-0.0, 3));
        assertEquals(0.0, BinaryMath.floorDiv(1, 3));
        assertEquals(-1.0, BinaryMath.floorDiv(-1e-300, 1e300));
    }

    @Test
    void theGreatestIntegersDoNotTrap() {
        assertEquals(Long.MIN_VALUE, BinaryMath.integer(Binary.DIV, DType.INT64).applyAsLong(Long.MIN_VALUE, -1));
        assertEquals(0, BinaryMath.integer(Binary.MOD, DType.INT64).applyAsLong(Long.MIN_VALUE, -1));
        assertEquals(0, BinaryMath.integer(Binary.MOD, DType.INT32).applyAsLong(5, 0));
        assertEquals(0, BinaryMath.pow(0, -1));
        assertEquals(1, BinaryMath.pow(0, 0));
    }

    @Test
    void functionsRefuseDtypesTheyHaveNoMeaningFor() {
        assertThrows(IllegalArgumentException.class, () -> UnaryMath.integer(Unary.EXP, DType.INT32));
        assertThrows(IllegalArgumentException.class, () -> UnaryMath.floating(Unary.BITWISE_NOT));
        assertThrows(IllegalArgumentException.class, () -> BinaryMath.floating(Binary.SHIFT_LEFT, DType.FLOAT32));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> BinaryMath.integer(Binary.ATAN2, DType.INT8))
                .getMessage();
        assertEquals("ATAN2: expected a floating dtype, got int8", message);
    }
}

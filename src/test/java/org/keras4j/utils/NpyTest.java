package org.keras4j.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

class NpyTest {
    @ParameterizedTest
    @EnumSource(DType.class)
    void readsWhatItWrote(DType dtype, @TempDir Path folder) throws IOException {
        NDArray array = NDArray.zeros(dtype, Shape.of(2, 3));
        for (int i = 0; i < 6; i++)
            array.set(i, dtype == DType.BOOL ? i % 2 : dtype.isUnsigned() ? 40 * i : 20 * i - 50);
        Path file = folder.resolve("a.npy");
        Npy.write(file, array);
        assertEquals(dtype == DType.BFLOAT16 ? array.cast(DType.FLOAT32) : array, Npy.read(file));
    }

    @Test
    void writesTheHeaderThatNumPyWrites() throws IOException {
        var out = new ByteArrayOutputStream();
        Npy.write(out, NDArray.of(Shape.of(3), 1f, 2f, 3f));
        byte[] bytes = out.toByteArray();
        String text = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", text.strip());
        assertTrue(text.endsWith("\n"));
        assertEquals(128 + 12, bytes.length);
    }

    @Test
    void readsColumnMajorBigEndianAndScalars() throws IOException {
        // numpy.asfortranarray(numpy.arange(6).reshape(2, 3)).astype(">i2")
        NDArray array = Npy.read(file("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", 0, 3, 1, 4, 2, 5));
        assertEquals(NDArray.wrap(DType.INT16, Shape.of(2, 3), new int[] {0, 1, 2, 3, 4, 5}), array);
        assertEquals(
                7,
                Npy.read(file("{'descr': '>i2', 'fortran_order': False, 'shape': (), }", 7))
                        .item());
    }

    @Test
    void readsFormatVersions2And3() throws IOException {
        for (int version = 2; version <= 3; version++) {
            String text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n";
            ByteBuffer buffer = ByteBuffer.allocate(12 + text.length() + 1).order(ByteOrder.LITTLE_ENDIAN);
            buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0})
                    .putInt(text.length());
            buffer.put(text.getBytes(StandardCharsets.US_ASCII)).put((byte) 200).flip();
            assertEquals(NDArray.wrap(DType.UINT8, Shape.of(1), new int[] {200}), Npy.read(buffer));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'descr': '|O', 'fortran_order': False, 'shape': (3,), };cannot read the header",
                "{'descr': '<U5', 'fortran_order': False, 'shape': (3,), };expected numbers",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (3,), };expected numbers",
                "{'descr': '>i2', 'fortran_order': False, 'shape': (99999, 99999), };at most 2^31 - 1 elements",
                "{'descr': '>i2', 'fortran_order': False, 'shape': (99999999999,), };at most 2^31 - 1 elements",
                "{'descr': '>i2', 'fortran_order': False, 'shape': (2000000000,), };expected 4000000000 bytes of data",
                "{'descr': '>i2', 'fortran_order': False, 'shape': (2,), };expected 4 bytes of data, got 6",
                "{'descr': '>i2', 'fortran_order': False};cannot read the header"
            })
    void refusesWhatItCannotRead(String header, String message) {
        IOException failure = assertThrows(IOException.class, () -> Npy.read(file(header, 1, 2, 3)));
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 9, 60, 133})
    void saysWhichFileEndsTooEarly(int bytes, @TempDir Path folder) throws IOException {
        var whole = new ByteArrayOutputStream();
        Npy.write(whole, NDArray.of(Shape.of(3), 1f, 2f, 3f));
        Path file = folder.resolve("short.npy");
        Files.write(file, Arrays.copyOf(whole.toByteArray(), bytes));
        IOException failure = assertThrows(IOException.class, () -> Npy.read(file));
        assertTrue(failure.getMessage().contains("short.npy: the file ends too early"), failure.getMessage());
    }

    /** Returns a file of format version 1 with big-endian 2-byte elements. */
    private static ByteBuffer file(String header, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(10 + header.length() + 1 + 2 * values.length);
        buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putShort((short) (header.length() + 1)).put((header + "\n").getBytes(StandardCharsets.US_ASCII));
        buffer.order(ByteOrder.BIG_ENDIAN);
        for (int value : values) buffer.putShort((short) value);
        return buffer.flip();
    }
}

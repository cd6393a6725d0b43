package org.keras4j.datasets;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * 1,797 handwritten digits of 8 by 8 grey levels, shipped with the library.
 *
 * <p>The test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine
 * Learning Repository, <a href="https://doi.org/10.24432/C50P49">doi:10.24432/C50P49</a>, CC BY 4.0.
 */
public final class Digits {
    /** The greatest grey level; 0 is white paper. */
    public static final int BLACK = 16;

    private static final int COUNT = 1797;
    private static final int TRAINING = 1437;
    private static final int SIDE = 8;
    private static final String FILE = "digits.csv.gz";

    private Digits() {}

    /**
     * Returns the first 1,437 digits to train with and the last 360 to test with: x of uint8 (n, 8, 8) from 0 to 16, y
     * of uint8 (n) from 0 to 9.
     */
    public static Split loadData() {
        NDArray x = NDArray.zeros(DType.UINT8, Shape.of(COUNT, SIDE, SIDE));
        NDArray y = NDArray.zeros(DType.UINT8, Shape.of(COUNT));
        read((int[]) x.data(), (int[]) y.data());
        return new Split(x.rows(0, TRAINING), y.rows(0, TRAINING), x.rows(TRAINING, COUNT), y.rows(TRAINING, COUNT));
    }

    private static void read(int[] pixels, int[] labels) {
        int size = SIDE * SIDE;
        try (InputStream file = Digits.class.getResourceAsStream(FILE)) {
            if (file == null) throw new IllegalStateException(FILE + " is missing beside " + Digits.class.getName());
            var reader =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII));
            for (int row = 0; row < COUNT; row++) {
                String line = reader.readLine();
                if (line == null) throw new EOFException("expected " + COUNT + " rows, got " + row);
                String[] numbers = line.split(",");
                for (int i = 0; i < size; i++) pixels[row * size + i] = Integer.parseInt(numbers[i]);
                labels[row] = Integer.parseInt(numbers[size]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }
}

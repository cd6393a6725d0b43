package org.keras4j.perf.lab;

import java.util.List;
import java.util.Locale;

/** Sizes of a matrix product: its rows and columns, and the length of its sums. */
public record ProductSize(int m, int n, int k) {
    /** The sizes that are measured if none is asked for. */
    public static final List<ProductSize> USUAL = List.of(
            new ProductSize(128, 128, 128),
            new ProductSize(256, 256, 256),
            new ProductSize(512, 512, 512),
            new ProductSize(1024, 1024, 1024),
            new ProductSize(2048, 2048, 2048),
            new ProductSize(64, 512, 512),
            new ProductSize(128, 512, 784),
            new ProductSize(128, 512, 512),
            new ProductSize(32, 2048, 1000),
            new ProductSize(128, 10, 512),
            new ProductSize(784, 512, 128),
            new ProductSize(1, 1024, 1024),
            new ProductSize(1024, 1, 1024));

    /** Reads "1024x512x256". */
    public static ProductSize of(String text) {
        String[] parts = text.split("x", -1);
        try {
            if (parts.length == 3)
                return new ProductSize(
                        Integer.parseUnsignedInt(parts[0]),
                        Integer.parseUnsignedInt(parts[1]),
                        Integer.parseUnsignedInt(parts[2]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal(text), e);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
        return "expected sizes as MxNxK, such as 1024x1024x1024, got \"" + text + "\"";
    }

    double operations() {
        return 2.0 * m * n * k;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%5d x %4d x %4d", m, n, k);
    }
}

package org.keras4j.layers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** Distributes strings over bins as TensorFlow does: by FarmHash, or with a salt by SipHash. */
record HashBins(int count, long @Nullable [] salt) {

    /** Returns the bin of a number, which is hashed as its decimal digits. */
    int of(long number) {
        return of(Long.toString(number));
    }

    int of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long hash = salt == null ? FarmHash.fingerprint(bytes) : SipHash.hash(bytes, salt[0], salt[1]);
        return (int) Long.remainderUnsigned(hash, count);
    }

    /** Reads Keras's salt: null, an integer that counts twice, or two. */
    static long @Nullable [] readSalt(ConfigReader config) {
        Object salt = config.get("salt");
        return switch (salt) {
            case null -> null;
            case Number n -> new long[] {n.longValue(), n.longValue()};
            case List<?> two
            when two.size() == 2 && two.getFirst() instanceof Number a && two.getLast() instanceof Number b ->
                new long[] {a.longValue(), b.longValue()};
            default -> throw config.wrong("salt", "an integer, or two", salt);
        };
    }

    /** Returns the salt as a config holds it. */
    static @Nullable List<Long> writeSalt(long @Nullable [] salt) {
        return salt == null ? null : Arrays.stream(salt).boxed().toList();
    }

    /** Checks and copies the numbers that a program gives as salt. */
    static long[] checkedSalt(String who, long[] salt) {
        if (salt.length == 1) return new long[] {salt[0], salt[0]};
        if (salt.length != 2)
            throw new IllegalArgumentException(who + ": salt must be an integer or two, got " + Arrays.toString(salt));
        return salt.clone();
    }
}

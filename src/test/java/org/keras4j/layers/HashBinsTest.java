package org.keras4j.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hashes beside those of TensorFlow 2.21. */
class HashBinsTest {
    /** Of each way in which the length of a text decides how it is hashed. */
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "ab",
            "abc",
            "hello",
            "12345678",
            "123456789",
            "0123456789abcdef",
            "0123456789abcdefg",
            "x".repeat(31),
            "y".repeat(32),
            "z".repeat(33),
            "w".repeat(63),
            "v".repeat(64),
            "u".repeat(65),
            "t".repeat(100),
            "r".repeat(127),
            "q".repeat(128),
            "p".repeat(129),
            "The quick brown fox jumps over the lazy dog".repeat(5),
            "héllo wörld",
            "日本語",
            "-17",
            "0");

    @Test
    void farmHashIsTensorFlowsFingerprint() {
        long[] expected = { // tf.raw_ops.Fingerprint(data=..., method="farmhash64")
            0x9ae16a3b2f90404fL,
            0xb3454265b6df75e3L,
            0xaa8d6e5242ada51eL,
            0x24a5b3a074e7f369L,
            0xb48be5a931380ce8L,
            0x2f99d2664a0fb6eaL,
            0x6290b5b99f49dc6aL,
            0x54b961e5dc834067L,
            0xa6ddff87a449d24aL,
            0xc912ca35777cbe1fL,
            0x60a18cf87766fd4fL,
            0xdb8508360d433b6fL,
            0x1a24f72bb98fffcfL,
            0xdef0faf7f2d9bf61L,
            0x1c8e197f1b9676bfL,
            0x3ac0071647c67f8aL,
            0xddbb2e3515539fe7L,
            0x6a51f79e171dc68aL,
            0xc4bdadad09294970L,
            0x6d2dd45877ee5595L,
            0x7ced6d0a96714893L,
            0xd99eeda07b1cb847L,
            0x149cf7cfd0f75fcdL,
            0xd2ed96073b81823fL
        };
        assertArrayEquals(
                expected,
                TEXTS.stream()
                        .mapToLong(t -> FarmHash.fingerprint(t.getBytes(UTF_8)))
                        .toArray());
    }

    @Test
    void sipHashIsTensorFlowsStrongHash() {
        int[] expected = { // tf.strings.to_hash_bucket_strong(..., 1000003, key=[1, 2])
            383377, 332029, 682334, 800593, 430577, 398241, 179736, 783103, 658123, 247381, 388234, 69833, 220768,
            210622, 749195, 908710, 390209, 698124, 937269, 172610, 785690, 502798, 51395, 301637
        };
        var bins = new HashBins(1000003, new long[] {1, 2});
        assertArrayEquals(expected, TEXTS.stream().mapToInt(bins::of).toArray());
    }

    /** The vector of SipHash's authors: key and message count up from 0. */
    @Test
    void sipHashIsThatOfThePaper() {
        byte[] message = new byte[15];
        IntStream.range(0, 15).forEach(i -> message[i] = (byte) i);
        assertEquals(0xa129ca6149be45e5L, SipHash.hash(message, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L));
    }
}

package org.keras4j.layers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** FarmHash's 64-bit fingerprint, which TensorFlow's {@code to_hash_bucket_fast} divides into buckets. */
final class FarmHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long K0 = 0xc3a5c85c97cb3127L;
    private static final long K1 = 0xb492b66fbe98f273L;
    private static final long K2 = 0x9ae16a3b2f90404fL;

    private FarmHash() {}

    static long fingerprint(byte[] s) {
        if (s.length <= 16) return upTo16(s);
        if (s.length <= 32) return upTo32(s);
        if (s.length <= 64) return upTo64(s);
        return new Blocks(s).hash();
    }

    private static long upTo16(byte[] s) {
        int n = s.length;
        if (n == 0) return K2;
        if (n < 4) {
            int y = (s[0] & 0xff) + ((s[n >> 1] & 0xff) << 8);
            int z = n + ((s[n - 1] & 0xff) << 2);
            return mix(y * K2 ^ z * K0) * K2;
        }
        long factor = K2 + 2L * n;
        if (n < 8) return join(n + (word(s, 0) << 3), word(s, n - 4), factor);
        long a = at(s, 0) + K2;
        long b = at(s, n - 8);
        long c = Long.rotateRight(b, 37) * factor + a;
        long d = (Long.rotateRight(a, 25) + b) * factor;
        return join(c, d, factor);
    }

    private static long upTo32(byte[] s) {
        int n = s.length;
        long factor = K2 + 2L * n;
        long a = at(s, 0) * K1;
        long b = at(s, 8);
        long c = at(s, n - 8) * factor;
        long d = at(s, n - 16) * K2;
        return join(rotateAndAdd(a, b, c, d), a + Long.rotateRight(b + K2, 18) + c, factor);
    }

    private static long upTo64(byte[] s) {
        int n = s.length;
        long factor = K2 + 2L * n;
        long a = at(s, 0) * K2;
        long b = at(s, 8);
        long c = at(s, n - 8) * factor;
        long d = at(s, n - 16) * K2;
        long y = rotateAndAdd(a, b, c, d);
        long z = join(y, a + Long.rotateRight(b + K2, 18) + c, factor);
        long e = at(s, 16) * factor;
        long f = at(s, 24);
        long g = (y + at(s, n - 32)) * factor;
        long h = (z + at(s, n - 24)) * factor;
        return join(rotateAndAdd(e, f, g, h), e + Long.rotateRight(f + a, 18) + g, factor);
    }

    private static long rotateAndAdd(long a, long b, long c, long d) {
        return Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d;
    }

    private static long join(long u, long v, long factor) {
        long a = mix((u ^ v) * factor);
        return mix((v ^ a) * factor) * factor;
    }

    private static long mix(long v) {
        return v ^ (v >>> 47);
    }

    private static long at(byte[] s, int index) {
        return (long) LONGS.get(s, index);
    }

    private static long word(byte[] s, int index) {
        return (int) INTS.get(s, index) & 0xffff_ffffL;
    }

    /** The state over blocks of 64 bytes; the last block may overlap the one before. */
    private static final class Blocks {
        private final byte[] s;
        private long x = 81;
        private long y = 0x226bb95b4e64b6d4L; // x * K1 + 113
        private long z = mix(y * K2 + 113) * K2;
        private long v1;
        private long v2;
        private long w1;
        private long w2;

        Blocks(byte[] s) {
            this.s = s;
            x = x * K2 + at(s, 0);
        }

        long hash() {
            int last = s.length - 64;
            for (int i = 0; i < last; i += 64) block(i, K1, 1);
            long factor = K1 + ((z & 0xff) << 1);
            w1 += (s.length - 1) & 63;
            v1 += w1;
            w1 += v1;
            block(last, factor, 9);
            return join(join(v1, w1, factor) + mix(y) * K0 + z, join(v2, w2, factor) + x, factor);
        }

        private void block(int i, long factor, int weight) {
            x = Long.rotateRight(x + y + v1 + at(s, i + 8), 37) * factor ^ w2 * weight;
            y = Long.rotateRight(y + v2 + at(s, i + 48), 42) * factor + v1 * weight + at(s, i + 40);
            z = Long.rotateRight(z + w1, 33) * factor;
            long a = v2 * factor;
            long b = x + w1;
            v1 = first(i, a);
            v2 = second(i, a, b);
            long c = z + w2;
            long d = y + at(s, i + 16);
            w1 = first(i + 32, c);
            w2 = second(i + 32, c, d);
            long kept = z;
            z = x;
            x = kept;
        }

        private long first(int i, long a) {
            return a + at(s, i) + at(s, i + 8) + at(s, i + 16) + at(s, i + 24);
        }

        private long second(int i, long a, long b) {
            long start = a + at(s, i);
            long sum = start + at(s, i + 8) + at(s, i + 16);
            return Long.rotateRight(b + start + at(s, i + 24), 21) + Long.rotateRight(sum, 44) + start;
        }
    }
}

package org.keras4j.layers;

/** SipHash-2-4 of Aumasson and Bernstein, which TensorFlow's {@code to_hash_bucket_strong} divides into buckets. */
final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long key0, long key1) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    static long hash(byte[] message, long key0, long key1) {
        var state = new SipHash(key0, key1);
        int whole = message.length & ~7;
        for (int i = 0; i < whole; i += 8) state.absorb(littleEndian(message, i, i + 8));
        state.absorb(littleEndian(message, whole, message.length) | (long) message.length << 56);
        state.v2 ^= 0xff;
        for (int i = 0; i < 4; i++) state.round();
        return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
    }

    private static long littleEndian(byte[] bytes, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) word |= (bytes[i] & 0xffL) << 8 * (i - from);
        return word;
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}

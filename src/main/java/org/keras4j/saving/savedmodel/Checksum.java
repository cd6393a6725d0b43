package org.keras4j.saving.savedmodel;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C in the disguise in which tables store it, so that a sum over stored sums is no weaker. */
final class Checksum {
    private static final int MASK = 0xa282ead8;

    private Checksum() {}

    static int masked(CRC32C crc) {
        int value = (int) crc.getValue();
        return Integer.rotateRight(value, 15) + MASK;
    }

    static int masked(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return masked(crc);
    }
}

package org.keras4j.saving.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes bfloat16 datasets readable: Keras stores them as opaque pairs of bytes without a tag, a datatype message of
 * eight bytes that jhdf 0.13 reads past the end of. In a copy in memory the class is turned into a string of two
 * bytes, which takes as many.
 */
final class TaglessOpaque {
    // message type 3, eight bytes, any flags; then class 5 of any version, no tag, two bytes
    private static final long HEADER = 0x0000_0000_0008_0003L;
    private static final long HEADER_MASK = ~0x0000_00FF_0000_0000L;
    private static final long OPAQUE = 0x0000_0002_0000_0005L;
    private static final long STRING = 0x0000_0002_0000_0003L;
    private static final long VERSION_MASK = 0xF0L;
    private static final String SYMPTOM = "End of buffer reached before NULL";

    private TaglessOpaque() {}

    /** Returns whether the library stumbles over such a datatype somewhere in the file. */
    static boolean stops(HdfFile file) {
        return stops(file, new HashSet<>(), 0);
    }

    private static boolean stops(Group group, Set<Long> seen, int depth) {
        if (depth > Hdf5File.MAX_DEPTH || !seen.add(group.getAddress())) return false;
        try {
            for (Node child : group.getChildren().values())
                if (!child.isLink() && child instanceof Group below && stops(below, seen, depth + 1)) return true;
        } catch (RuntimeException | StackOverflowError e) {
            // any other failure is told to whoever asks for this group
            return isSymptom(e);
        }
        return false;
    }

    private static boolean isSymptom(Throwable e) {
        Throwable at = e;
        for (int i = 0; at != null && i < 16; i++, at = at.getCause()) if (SYMPTOM.equals(at.getMessage())) return true;
        return false;
    }

    /** Replaces every such datatype in {@code bytes}; its header may start at any byte. */
    static void replace(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 16 <= bytes.length; at++) {
            if (bytes[at] != 3 || (buffer.getLong(at) & HEADER_MASK) != HEADER) continue;
            long type = buffer.getLong(at + 8);
            if ((type & ~VERSION_MASK) == OPAQUE) buffer.putLong(at + 8, STRING | (type & VERSION_MASK));
        }
    }
}

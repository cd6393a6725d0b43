package org.keras4j.saving.hdf5;

import java.util.ArrayList;
import java.util.List;

/** The heap collections that hold the bytes of variable-length strings. */
final class GlobalHeap {
    /** Length, collection address and object index. */
    static final int REFERENCE_BYTES = 16;

    private static final int HEADER = 16;
    // what the HDF5 library itself allocates, and the least it accepts
    private static final int USUAL_SIZE = 4096;

    private final List<Collection> collections = new ArrayList<>();

    /** Where one string lies; the collection's address is known once the heap was written. */
    record Reference(Collection collection, int index, int length) {
        void write(ByteSink out) {
            out.put4(length).put8(collection.address).put4(index);
        }
    }

    static final class Collection {
        private final List<byte[]> objects = new ArrayList<>();
        private int used = HEADER;
        private long address;

        private boolean hasRoomFor(int length) {
            return used + HEADER + ByteSink.padded(length) + HEADER <= USUAL_SIZE;
        }
    }

    Reference add(byte[] bytes) {
        if (collections.isEmpty() || !collections.getLast().hasRoomFor(bytes.length)) collections.add(new Collection());
        Collection last = collections.getLast();
        last.objects.add(bytes);
        last.used = Math.addExact(last.used, HEADER + ByteSink.padded(bytes.length));
        return new Reference(last, last.objects.size(), bytes.length);
    }

    void write(ByteSink out) {
        for (Collection collection : collections) {
            collection.address = out.position();
            int size = Math.max(USUAL_SIZE, collection.used + HEADER);
            out.put(new byte[] {'G', 'C', 'O', 'L', 1, 0, 0, 0}).put8(size);
            for (int i = 0; i < collection.objects.size(); i++) {
                byte[] bytes = collection.objects.get(i);
                out.put2(i + 1).put2(0).put4(0).put8(bytes.length).putPadded(bytes);
            }
            int free = size - collection.used;
            out.put2(0).put2(0).put4(0).put8(free).zeros(free - HEADER);
        }
    }
}

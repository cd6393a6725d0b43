package org.keras4j.backend.opencl;

import java.lang.ref.Cleaner;
import org.jocl.Pointer;
import org.jocl.cl_mem;
import org.keras4j.backend.device.Buffer;

/** A block in use. It goes back to the heap when it is freed, or when nothing refers to it any more. */
final class OpenClBuffer implements Buffer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Block block;
    private final Pointer argument;
    private final Cleaner.Cleanable cleanable;

    /** A memory object of the driver's. */
    record Block(cl_mem memory, long bytes) {}

    OpenClBuffer(DeviceHeap heap, Block block) {
        this.block = block;
        this.argument = Pointer.to(block.memory());
        this.cleanable = CLEANER.register(this, () -> heap.give(block));
    }

    @Override
    public long bytes() {
        return block.bytes();
    }

    cl_mem memory() {
        return block.memory();
    }

    /** Returns what a kernel's argument has to be. */
    Pointer argument() {
        return argument;
    }

    void free() {
        cleanable.clean();
    }
}

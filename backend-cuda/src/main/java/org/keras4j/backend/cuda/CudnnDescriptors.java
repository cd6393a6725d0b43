package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The functions of cuDNN's graph interface, which has one kind of object, the descriptor with attributes. Descriptors and
 * the library's handle are longs.
 */
final class CudnnDescriptors {
    /** Types of attributes, with the numbers of cuDNN's header. */
    static final int HANDLE = 0;

    static final int DATA_TYPE = 1;
    static final int BOOLEAN = 2;
    static final int INT64 = 3;
    static final int VOID_POINTER = 6;
    static final int HEURISTICS_MODE = 8;
    static final int POINTWISE_MODE = 14;
    static final int DESCRIPTOR = 15;
    static final int REDUCTION = 18;
    static final int CHARACTERS = 24;

    private static final int MOST_TEXT = 1024;

    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle set;
    private final MethodHandle get;
    private final MethodHandle finish;
    private final MethodHandle execute;
    private final MethodHandle lastError;

    CudnnDescriptors(NativeLibrary library) {
        create = library.function("cudnnBackendCreateDescriptor", JAVA_INT, ADDRESS);
        destroy = library.function("cudnnBackendDestroyDescriptor", JAVA_LONG);
        set = library.function("cudnnBackendSetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
        get = library.function("cudnnBackendGetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        finish = library.function("cudnnBackendFinalize", JAVA_LONG);
        execute = library.function("cudnnBackendExecute", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        lastError = library.function("cudnnGetLastErrorString", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
    }

    /** Returns a new descriptor of a kind; attributes can be set until it is finished. */
    long create(int kind) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = Foreign.slot(arena);
            request((int) create.invokeExact(kind, slot), "a descriptor of kind " + kind);
            return Foreign.read(slot);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void destroy(long descriptor) {
        try {
            int ignored = (int) destroy.invokeExact(descriptor);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Sets an attribute of 64 bits: a number, a descriptor, a handle, an address, or several of them. */
    void set(long descriptor, int attribute, int type, long... values) {
        try (Arena arena = Arena.ofConfined()) {
            set(descriptor, attribute, type, values.length, arena.allocateFrom(JAVA_LONG, values));
        }
    }

    /** Sets an attribute that is a number of one of the header's enumerations. */
    void setChoice(long descriptor, int attribute, int type, int value) {
        try (Arena arena = Arena.ofConfined()) {
            set(descriptor, attribute, type, 1, arena.allocateFrom(JAVA_INT, value));
        }
    }

    void setFlag(long descriptor, int attribute, boolean value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(1);
            place.set(JAVA_BOOLEAN, 0, value);
            set(descriptor, attribute, BOOLEAN, 1, place);
        }
    }

    void setText(long descriptor, int attribute, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = Foreign.text(arena, value);
            set(descriptor, attribute, CHARACTERS, text.byteSize() - 1, text);
        }
    }

    private void set(long descriptor, int attribute, int type, long count, MemorySegment values) {
        try {
            request((int) set.invokeExact(descriptor, attribute, type, count, values), "attribute " + attribute);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Returns how many elements an attribute has. */
    long count(long descriptor, int attribute, int type) {
        return get(descriptor, attribute, type, 0, MemorySegment.NULL);
    }

    /** Returns an attribute that is one number of 64 bits. */
    long number(long descriptor, int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = Foreign.slot(arena);
            get(descriptor, attribute, INT64, 1, place);
            return Foreign.read(place);
        }
    }

    /** Lets the library write to descriptors that were made for an attribute, and returns to how many it has. */
    int fill(long descriptor, int attribute, List<Long> made) {
        try (Arena arena = Arena.ofConfined()) {
            long[] values = made.stream().mapToLong(Long::longValue).toArray();
            MemorySegment all = arena.allocateFrom(JAVA_LONG, values);
            return (int) get(descriptor, attribute, DESCRIPTOR, values.length, all);
        }
    }

    private long get(long descriptor, int attribute, int type, long most, MemorySegment values) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = Foreign.slot(arena);
            int status = (int) get.invokeExact(descriptor, attribute, type, most, found, values);
            request(status, "attribute " + attribute);
            return Foreign.read(found);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /**
     * Ends the setting of attributes.
     *
     * @throws RefusedException with the library's reason if it does not do what they say
     */
    void finish(long descriptor, String what) {
        try {
            request((int) finish.invokeExact(descriptor), what);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Queues a plan with the addresses of its tensors. Returns the status. */
    int execute(long handle, long plan, long addresses) {
        try {
            return (int) execute.invokeExact(handle, plan, addresses);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private void request(int status, String what) throws Throwable {
        if (status == 0) return;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(MOST_TEXT);
            lastError.invokeExact(text, (long) MOST_TEXT);
            throw new RefusedException("cuDNN refused " + what + " with status " + status + " "
                    + text.getString(0).strip());
        }
    }
}

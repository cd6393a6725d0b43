package org.keras4j.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/**
 * Keeps the process's signal handlers. Drivers that compile with LLVM, such as PoCL, put LLVM's own in their place when
 * they are loaded, and those do not pass on what they get: the Java machine, which handles faults of its own code as a
 * matter of course, then dies of the next one without a word, and of a SIGQUIT that asks for its threads.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for
final class SignalHandlers {
    /** Of Linux: HUP, INT, QUIT, ILL, TRAP, ABRT, BUS, FPE, USR1, SEGV, USR2, PIPE, TERM, XCPU, XFSZ, SYS. */
    private static final int[] SIGNALS = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 15, 24, 25, 31};

    /** More than a {@code struct sigaction} has on any machine; what is in it does not matter. */
    private static final long ROOM = 512;

    private SignalHandlers() {}

    /** Runs {@code code}, after which the handlers are those of before. On systems other than Linux it just runs it. */
    static <T> T keeping(Supplier<T> code) {
        if (!System.getProperty("os.name").equals("Linux")) return code.get();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle sigaction = sigaction();
            MemorySegment before = arena.allocate(ROOM * SIGNALS.length, 16);
            for (int i = 0; i < SIGNALS.length; i++)
                call(sigaction, SIGNALS[i], MemorySegment.NULL, before.asSlice(i * ROOM, ROOM));
            try {
                return code.get();
            } finally {
                for (int i = 0; i < SIGNALS.length; i++)
                    call(sigaction, SIGNALS[i], before.asSlice(i * ROOM, ROOM), MemorySegment.NULL);
            }
        }
    }

    private static MethodHandle sigaction() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sigaction"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    private static void call(MethodHandle sigaction, int signal, MemorySegment to, MemorySegment from) {
        try {
            int _ = (int) sigaction.invokeExact(signal, to, from);
        } catch (Throwable e) {
            throw new AssertionError("sigaction throws nothing", e);
        }
    }
}

package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.Device;

@SuppressWarnings("restricted") // asks the system for the handlers
class SignalHandlersTest {
    private static final int SIGUSR1 = 10;

    @TempDir
    Path folder;

    @BeforeEach
    void isLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "signals of Linux");
    }

    @Test
    void handlersAreThoseOfBefore() throws Throwable {
        MemorySegment before = handler(SIGUSR1);
        MemorySegment during = SignalHandlers.keeping(() -> {
            setHandler(SIGUSR1, MemorySegment.ofAddress(1)); // to ignore it
            return handler(SIGUSR1);
        });
        assertEquals(1, during.address());
        assertEquals(before.address(), handler(SIGUSR1).address());
    }

    @Test
    void handlersAreThoseOfBeforeWhereTheCodeFails() {
        MemorySegment before = handler(SIGUSR1);
        try {
            SignalHandlers.keeping(() -> {
                setHandler(SIGUSR1, MemorySegment.ofAddress(1));
                throw new IllegalStateException();
            });
        } catch (IllegalStateException expected) {
            assertEquals(before.address(), handler(SIGUSR1).address());
        }
    }

    /** SIGQUIT asks a Java machine for its threads; with the handler of PoCL's LLVM it dies of it. */
    @Test
    void aProcessWithOpenClOutlivesSigquit() throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asked.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly().waitFor();
        String said = Files.readString(output);
        assumeTrue(!said.contains("No OpenCL"), said);
        assertEquals(0, process.exitValue(), said);
        assertTrue(said.contains("Full thread dump"), said);
    }

    /** Opens a device, sends itself a SIGQUIT and has null pointers caught, which come as SIGSEGV. */
    static final class Asked {
        public static void main(String[] args) throws IOException, InterruptedException {
            try (Device device = new OpenClProvider().openDevice()) {
                // The shell's own kill: the program of that name is not on every machine.
                String command = "kill -QUIT " + ProcessHandle.current().pid();
                new ProcessBuilder("sh", "-c", command).start().waitFor();
                Thread.sleep(500);
                int caught = 0;
                for (int i = 0; i < 200_000; i++) caught += length(i % 1000 == 0 ? null : args);
                System.out.println(caught + " caught beside " + device.traits().name());
            } catch (BackendUnavailableException e) {
                System.out.println("No OpenCL: " + e.getMessage());
            }
        }

        private static int length(String[] array) {
            try {
                return array.length;
            } catch (NullPointerException e) {
                return 1;
            }
        }
    }

    private static MemorySegment handler(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(512, 16);
            sigaction(signal, MemorySegment.NULL, action);
            return MemorySegment.ofAddress(action.get(ValueLayout.ADDRESS, 0).address());
        }
    }

    private static void setHandler(int signal, MemorySegment handler) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(512, 16);
            action.set(ValueLayout.ADDRESS, 0, handler);
            sigaction(signal, action, MemorySegment.NULL);
        }
    }

    private static void sigaction(int signal, MemorySegment to, MemorySegment from) {
        Linker linker = Linker.nativeLinker();
        try {
            int rc = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("sigaction"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS))
                    .invokeExact(signal, to, from);
            assertEquals(0, rc);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

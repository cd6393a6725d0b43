package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.Source;

/** NVIDIA's run-time compiler. It needs no GPU. */
final class Nvrtc {
    private static final int COMPILATION_ERROR = 6;

    private final NativeLibrary library;
    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle compile;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle ptxSize;
    private final MethodHandle ptx;
    private final MethodHandle cubinSize;
    private final MethodHandle cubin;
    private final int major;
    private final int minor;
    private final int[] architectures;

    private Nvrtc(NativeLibrary library) {
        this.library = library;
        create = library.function("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        destroy = library.function("nvrtcDestroyProgram", ADDRESS);
        compile = library.function("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, ADDRESS);
        logSize = library.function("nvrtcGetProgramLogSize", JAVA_LONG, ADDRESS);
        log = library.function("nvrtcGetProgramLog", JAVA_LONG, ADDRESS);
        ptxSize = library.function("nvrtcGetPTXSize", JAVA_LONG, ADDRESS);
        ptx = library.function("nvrtcGetPTX", JAVA_LONG, ADDRESS);
        cubinSize = library.function("nvrtcGetCUBINSize", JAVA_LONG, ADDRESS);
        cubin = library.function("nvrtcGetCUBIN", JAVA_LONG, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(JAVA_INT, 2);
            MethodHandle version = library.function("nvrtcVersion", ADDRESS, ADDRESS);
            check((int) version.invokeExact(numbers, numbers.asSlice(4)), "nvrtcVersion");
            major = numbers.getAtIndex(JAVA_INT, 0);
            minor = numbers.getAtIndex(JAVA_INT, 1);
            check((int) library.function("nvrtcGetNumSupportedArchs", ADDRESS).invokeExact(numbers), "architectures");
            MemorySegment list = arena.allocate(JAVA_INT, numbers.get(JAVA_INT, 0));
            check((int) library.function("nvrtcGetSupportedArchs", ADDRESS).invokeExact(list), "architectures");
            architectures = list.toArray(JAVA_INT);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Opens the compiler with one of the sonames; empty if there is none. */
    static Optional<Nvrtc> open(LibraryFolders folders, String... sonames) {
        Optional<NativeLibrary> found = NativeLibrary.open(folders, sonames);
        found.flatMap(NativeLibrary::file).ifPresent(Nvrtc::openBuiltins);
        return found.map(Nvrtc::new);
    }

    /** NVRTC asks the loader for its builtins by name when it first compiles; it gets what is loaded here. */
    private static void openBuiltins(Path nvrtc) {
        Path folder = nvrtc.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "libnvrtc-builtins.so.*")) {
            for (Path file : files) NativeLibrary.open(file);
        } catch (IOException e) {
            System.getLogger(Nvrtc.class.getName())
                    .log(System.Logger.Level.DEBUG, "Cannot look for NVRTC''s builtins: {0}", e.toString());
        }
    }

    int major() {
        return major;
    }

    String version() {
        return major + "." + minor;
    }

    String place() {
        return library.place();
    }

    /**
     * Returns the option for a device: machine code of its own architecture, or else PTX of the newest one before it.
     *
     * @param capability ten times the device's compute capability, such as 90
     * @return empty if the device is older than what the compiler knows
     */
    Optional<String> target(int capability) {
        int best = 0;
        for (int known : architectures) if (known <= capability && known > best) best = known;
        if (best == 0) return Optional.empty();
        return Optional.of((best == capability ? "sm_" : "compute_") + best);
    }

    /**
     * Compiles to machine code ({@code target} "sm_90") or PTX ("compute_90").
     *
     * @throws KernelCompilationException with the compiler's log
     */
    byte[] compile(Source source, String target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = Foreign.slot(arena);
            check(
                    (int) create.invokeExact(
                            slot,
                            Foreign.text(arena, source.text()),
                            Foreign.text(arena, "kernels.cu"),
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL),
                    "nvrtcCreateProgram");
            try {
                return compile(arena, Foreign.read(slot), source, target);
            } finally {
                int ignored = (int) destroy.invokeExact(slot);
            }
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private byte[] compile(Arena arena, long program, Source source, String target) throws Throwable {
        String[] options = {"--gpu-architecture=" + target, "--std=c++17"};
        int code = (int) compile.invokeExact(program, options.length, Foreign.texts(arena, options));
        if (code == COMPILATION_ERROR) {
            byte[] text = bytes(arena, program, logSize, log);
            throw new KernelCompilationException(
                    "NVRTC " + version() + " for " + target, source, new String(text, StandardCharsets.UTF_8).strip());
        }
        check(code, "nvrtcCompileProgram");
        boolean machineCode = target.startsWith("sm_");
        return bytes(arena, program, machineCode ? cubinSize : ptxSize, machineCode ? cubin : ptx);
    }

    private byte[] bytes(Arena arena, long program, MethodHandle size, MethodHandle get) throws Throwable {
        MemorySegment slot = Foreign.slot(arena);
        check((int) size.invokeExact(program, slot), "size of the result");
        MemorySegment content = arena.allocate(Math.max(1, Foreign.read(slot)));
        check((int) get.invokeExact(program, content), "result");
        return content.toArray(JAVA_BYTE);
    }

    private void check(int code, String what) {
        if (code == 0) return;
        String hint = code == 7 ? "; libnvrtc-builtins.so must lie beside " + library.place() : "";
        throw new CudaException(code, "NVRTC: " + what + " failed with result " + code + hint);
    }
}

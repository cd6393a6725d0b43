package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Backend;

/**
 * Libraries that stand in for NVIDIA's on a machine without a GPU, made from C++ with g++ once for the process. What runs
 * on them shows that calls, layouts and kernels are right; it says nothing about a GPU.
 */
final class StandIns {
    private static Path folder;

    private StandIns() {}

    /** Returns the folder of the libraries; skips the test where they cannot be made. */
    static synchronized Path folder() {
        if (folder != null) return folder;
        if (!System.getProperty("os.arch").equals("amd64") || !onLinux())
            return abort("The stand-ins are for Linux x86-64");
        try {
            new ProcessBuilder("g++", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return abort("No g++ here to make the stand-ins with");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abort("Interrupted");
        }
        try {
            Path made = Files.createTempDirectory("keras4j-standins");
            made.toFile().deleteOnExit();
            for (String file : List.of(
                    "standin_device.h",
                    "standin_device.options",
                    "standin_image.h",
                    "standin_memory.h",
                    "standin_half.h",
                    "standin_cudnn_train.h",
                    "standin_cudnn_rnn.h",
                    "standin_cudnn_graph.h")) copy(file, made);
            build(made, "standin_cuda.cpp", "libcuda.so.1");
            build(made, "standin_nvrtc.cpp", "libnvrtc.so.13");
            build(made, "standin_cublaslt.cpp", "libcublasLt.so.13", "libcuda.so.1");
            build(made, "standin_cudnn.cpp", "libcudnn.so.9", "libcuda.so.1");
            // compiled once, it makes each kernel's compilation shorter
            run(made, "g++", "@standin_device.options", "-x", "c++-header", "standin_device.h");
            try (var files = Files.list(made)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            folder = made;
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean onLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** Opens the backend on the stand-ins, as a user's program would find libraries in a folder that it names. */
    static Backend open() {
        return inFolder(() -> new CudaProvider().open());
    }

    /** Opens the backend with options; {@code choices} are what was measured, null if nothing is to be. */
    static Backend open(CudaOptions options, @Nullable TuningCache choices) {
        return inFolder(() -> {
            CudaLibraries libraries = CudaLibraries.load();
            DeviceFacts facts = DeviceFacts.of(0, libraries.driverVersion());
            return new CudaBackend(new CudaDevice(libraries, facts), libraries, options, choices);
        });
    }

    /** Opens the device alone. */
    static CudaDevice device() {
        return device(facts -> facts);
    }

    /** Opens the device alone, as if the driver had said something else of it. */
    static CudaDevice device(UnaryOperator<DeviceFacts> other) {
        return inFolder(() -> {
            CudaLibraries libraries = CudaLibraries.load();
            return new CudaDevice(libraries, other.apply(DeviceFacts.of(0, libraries.driverVersion())));
        });
    }

    private static <T> T inFolder(Supplier<T> action) {
        String before = System.getProperty("keras.cuda.path");
        System.setProperty("keras.cuda.path", folder().toString());
        try {
            return action.get();
        } finally {
            if (before == null) System.clearProperty("keras.cuda.path");
            else System.setProperty("keras.cuda.path", before);
        }
    }

    /** Calls a function of the stand-in for the driver that is there for tests; it takes a long or nothing. */
    static int ask(String function, long... argument) {
        return ask(driver(), function, argument);
    }

    private static int ask(NativeLibrary library, String function, long... argument) {
        try {
            var layouts = argument.length == 0 ? new MemoryLayout[0] : new MemoryLayout[] {ValueLayout.JAVA_LONG};
            var handle = library.function(function, layouts);
            return argument.length == 0 ? (int) handle.invokeExact() : (int) handle.invokeExact(argument[0]);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Calls a function of the stand-in for cuDNN that is there for tests; it takes a long or nothing. */
    static int askCudnn(String function, long... argument) {
        NativeLibrary cudnn =
                NativeLibrary.open(folder().resolve("libcudnn.so.9")).orElseThrow();
        return ask(cudnn, function, argument);
    }

    /** Calls a function of the stand-in for cuBLASLt that is there for tests; it takes a long or nothing. */
    static int askCublas(String function, long... argument) {
        return ask(NativeLibrary.open(folder().resolve("libcublasLt.so.13")).orElseThrow(), function, argument);
    }

    /** Opens the stand-in for the driver, which tests may ask for more than the driver's functions. */
    static NativeLibrary driver() {
        Optional<NativeLibrary> library = NativeLibrary.open(folder().resolve("libcuda.so.1"));
        return library.orElseThrow();
    }

    private static void copy(String file, Path to) throws IOException {
        try (InputStream in = Objects.requireNonNull(StandIns.class.getResourceAsStream(file), file)) {
            Files.copy(in, to.resolve(file));
        }
    }

    private static void build(Path folder, String source, String soname, String... needs) throws IOException {
        copy(source, folder);
        List<String> command =
                new ArrayList<>(List.of("g++", "-std=c++17", "-O2", "-fPIC", "-shared", "-Wl,-soname," + soname));
        command.addAll(List.of("-o", soname, source));
        for (String need : needs) command.add(folder.resolve(need).toString());
        command.add("-ldl");
        run(folder, command.toArray(String[]::new));
    }

    private static void run(Path folder, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}

package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The true cuDNN, where it is installed, has engines for the graphs that we make; it needs no GPU to say so. A program of
 * its own asks it, since here the stand-in goes by the same name.
 */
class CudnnEnginesTest {
    /** What cuDNN wants to find in the driver before it says anything about engines; nothing of it is called. */
    private static final List<String> DRIVER = List.of(
            "cuInit",
            "cuGetErrorName",
            "cuGetErrorString",
            "cuCtxGetCurrent",
            "cuCtxGetLimit",
            "cuCtxPopCurrent",
            "cuCtxPushCurrent",
            "cuStreamGetCtx",
            "cuDriverGetVersion",
            "cuLinkCreate",
            "cuLinkAddData",
            "cuLinkComplete",
            "cuLinkDestroy",
            "cuLaunchKernel",
            "cuLaunchKernelEx",
            "cuLaunchCooperativeKernel",
            "cuDeviceGet",
            "cuDeviceGetCount",
            "cuLibraryLoadData",
            "cuLibraryLoadFromFile",
            "cuLibraryGetKernel",
            "cuLibraryUnload",
            "cuKernelSetAttribute",
            "cuKernelGetAttribute",
            "cuOccupancyMaxPotentialClusterSize");

    @TempDir
    Path folder;

    @Test
    void attentionHasEnginesOnEveryDevice() throws IOException, InterruptedException {
        var source = new StringBuilder();
        for (String name : DRIVER) source.append("int ").append(name).append("() { return 999; }\n");
        Files.writeString(folder.resolve("driver.c"), source);
        try {
            int made = run("gcc", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", "libcuda.so.1", "driver.c");
            assumeFalse(made != 0, "gcc does not make a library here");
        } catch (IOException e) {
            abort("No gcc here to make a driver with");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        int code = run(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                CudnnEngines.class.getName());
        String said = Files.readString(folder.resolve("log"));
        assumeFalse(code == CudnnEngines.ABSENT, "No cuDNN here; LD_LIBRARY_PATH says where it is");
        assertEquals(0, code, said);
    }

    private int run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        String before = System.getenv("LD_LIBRARY_PATH");
        builder.environment()
                .put("LD_LIBRARY_PATH", before == null ? folder.toString() : folder + File.pathSeparator + before);
        return builder.start().waitFor();
    }
}

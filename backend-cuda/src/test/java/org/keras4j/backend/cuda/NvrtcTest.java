package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.Sources;

/** NVIDIA's compiler, where it is installed; it needs no GPU. */
class NvrtcTest {
    private static final String KERNEL =
            "KERNEL GROUP_SIZE(32, 1, 1) void fill(BUFFER(float, x)) { OPEN(float, x); x[get_global_id(0)] = 1.0f; }";

    private static Optional<Nvrtc> compiler = Optional.empty();

    @BeforeAll
    static void find() {
        compiler = genuine();
        assumeTrue(compiler.isPresent(), "No NVRTC here; LD_LIBRARY_PATH or -Dkeras.cuda.path say where it is");
    }

    /** Returns the true compiler; the stand-in, which another test may have loaded, knows fewer architectures. */
    static Optional<Nvrtc> genuine() {
        return Nvrtc.open(LibraryFolders.find(), "libnvrtc.so.13", "libnvrtc.so.12")
                .filter(compiler -> compiler.target(75).isPresent());
    }

    @Test
    void compilesToMachineCodeOfEveryArchitecture() {
        for (int capability : new int[] {75, 80, 86, 89, 90, 100, 120}) {
            String target = compiler.orElseThrow().target(capability).orElseThrow();
            byte[] image = compiler.orElseThrow().compile(Sources.generated(Dialect.CUDA, "fill", KERNEL), target);
            if (target.startsWith("sm_"))
                assertEquals("ELF", new String(image, 1, 3, StandardCharsets.US_ASCII), target);
        }
    }

    @Test
    void newerDevicesGetPtxOfTheNewestKnownArchitecture() {
        String target = compiler.orElseThrow().target(999).orElseThrow();
        assertTrue(target.startsWith("compute_"), target);
        byte[] image = compiler.orElseThrow().compile(Sources.generated(Dialect.CUDA, "fill", KERNEL), target);
        assertTrue(new String(image, StandardCharsets.UTF_8).contains(".entry fill"), "PTX with the kernel");
        assertEquals(0, image[image.length - 1], "PTX ends with a zero");
    }

    @Test
    void olderDevicesAreRefused() {
        assertTrue(compiler.orElseThrow().target(20).isEmpty());
    }

    @Test
    void errorsShowTheLine() {
        var source = Sources.generated(Dialect.CUDA, "wrong", "KERNEL void wrong() { nonsense; }");
        var e = assertThrows(
                KernelCompilationException.class, () -> compiler.orElseThrow().compile(source, "compute_90"));
        assertTrue(e.getMessage().contains("nonsense"), e.getMessage());
    }
}

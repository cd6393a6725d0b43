package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VendorFilesTest {
    @TempDir
    private Path folder;

    private void install(String name, String library) throws IOException {
        Files.writeString(folder.resolve(name), library);
    }

    @Test
    void withoutAnyDriverThereIsNoGpu() {
        assertFalse(VendorFiles.mayHaveGpu(folder));
        assertFalse(VendorFiles.mayHaveGpu(folder.resolve("absent")));
    }

    @Test
    void driversOfCpusHaveNoGpu() throws IOException {
        install("pocl.icd", "libpocl.so.2.10.0");
        install("intel64.icd", "/opt/intel/lib/libintelocl.so\n");
        install("notes.txt", "libnvidia-opencl.so.1");
        assertFalse(VendorFiles.mayHaveGpu(folder));
    }

    @Test
    void anyOtherDriverMayHaveOne() throws IOException {
        install("pocl.icd", "libpocl.so.2.10.0");
        install("nvidia.icd", "libnvidia-opencl.so.1\n");
        assertTrue(VendorFiles.mayHaveGpu(folder));
        assertTrue(VendorFiles.mayHaveGpu(folder.resolve("nvidia.icd")), "the loader takes a file as well");
        assertFalse(VendorFiles.mayHaveGpu(folder.resolve("pocl.icd")));
    }
}

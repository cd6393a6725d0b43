package org.keras4j.backend.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the files that OpenCL's loader reads say without loading a driver, which takes long: on a machine without a GPU
 * the automatic choice must not pay for OpenCL.
 */
final class VendorFiles {
    /** Implementations that run on CPUs and nothing else, by a part of the library's name. */
    private static final List<String> CPU_ONLY = List.of("pocl", "intelocl", "oclgrind");

    private VendorFiles() {}

    /** Says whether a driver for GPUs may be installed. Where that cannot be told, it may. */
    static boolean mayHaveGpu() {
        String folder = System.getenv("OCL_ICD_VENDORS");
        return System.getProperty("os.name").startsWith("Linux")
                ? mayHaveGpu(Path.of(folder == null || folder.isBlank() ? "/etc/OpenCL/vendors" : folder))
                : true;
    }

    /** As {@link #mayHaveGpu()}, for a folder of {@code .icd} files, each with a library's name, or for one of them. */
    static boolean mayHaveGpu(Path vendors) {
        if (Files.isRegularFile(vendors)) return namesGpu(vendors);
        try (Stream<Path> files = Files.list(vendors)) {
            return files.filter(file -> file.toString().endsWith(".icd")).anyMatch(VendorFiles::namesGpu);
        } catch (IOException e) {
            return false; // no such folder: the loader finds nothing either
        }
    }

    private static boolean namesGpu(Path file) {
        try {
            String library = Files.readString(file).strip().toLowerCase(Locale.ROOT);
            return CPU_ONLY.stream().noneMatch(library::contains);
        } catch (IOException e) {
            return true;
        }
    }
}

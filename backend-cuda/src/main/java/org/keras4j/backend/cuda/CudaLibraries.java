package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.JCudaDriver;
import jcuda.jcudnn.JCudnn;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.Traits;

/**
 * NVIDIA's libraries: the driver, the compiler, cuBLASLt and cuDNN. Loaded once for the program.
 *
 * @param driverVersion as the driver numbers it, such as 13000
 */
record CudaLibraries(
        NativeLibrary driver,
        int driverVersion,
        Nvrtc compiler,
        CublasLt cublas,
        CudnnDescriptors cudnnGraphs,
        String cudnnVersion) {
    private static final int OLDEST_DRIVER = 12_000;

    /**
     * Loads what is there.
     *
     * @throws BackendUnavailableException with all that is missing, which versions were found, and what to install
     */
    static CudaLibraries load() {
        LibraryFolders folders = LibraryFolders.find();
        NativeLibrary driver = NativeLibrary.open(folders, "libcuda.so.1")
                .orElseThrow(() -> new BackendUnavailableException("no NVIDIA driver: libcuda.so.1 was not found."
                        + " A machine with an NVIDIA GPU needs driver 525 or newer (CUDA 12); in a container, start it"
                        + " with the GPU (docker run --gpus all)." + searched(folders)));
        int version = startDriver(driver);
        String[] majors = version >= 13_000 ? new String[] {"13", "12"} : new String[] {"12"};
        Optional<Nvrtc> compiler = Nvrtc.open(folders, sonames("libnvrtc.so.", majors));
        Optional<NativeLibrary> cublas = NativeLibrary.open(folders, sonames("libcublasLt.so.", majors));
        Optional<NativeLibrary> cudnn = NativeLibrary.open(folders, "libcudnn.so.9");
        List<String> missing = new ArrayList<>();
        String wanted = "for CUDA " + String.join(" or ", majors);
        if (compiler.isEmpty()) missing.add("NVRTC " + wanted + ": pip package nvidia-cuda-nvrtc, or cuda-nvrtc");
        if (cublas.isEmpty()) missing.add("cuBLAS " + wanted + ": pip package nvidia-cublas, or libcublas");
        if (cudnn.isEmpty()) missing.add("cuDNN 9 (libcudnn.so.9): pip package nvidia-cudnn-cu" + majors[0]);
        if (!missing.isEmpty())
            throw new BackendUnavailableException("the driver is there (CUDA " + version(version)
                    + "), but some of NVIDIA's libraries are missing:\n  " + String.join("\n  ", missing) + "\n"
                    + found(compiler, cublas, cudnn) + searched(folders));
        return new CudaLibraries(
                driver,
                version,
                compiler.orElseThrow(),
                new CublasLt(cublas.orElseThrow()),
                new CudnnDescriptors(cudnn.orElseThrow()),
                askCudnn());
    }

    /** Names everything that the choice of an algorithm depends on, in one line. */
    String machine(Traits device) {
        return device.key() + "|cuBLASLt " + cublas.version() + "|cuDNN " + cudnnVersion;
    }

    private static String[] sonames(String prefix, String... majors) {
        var names = new String[majors.length];
        for (int i = 0; i < majors.length; i++) names[i] = prefix + majors[i];
        return names;
    }

    private static int startDriver(NativeLibrary library) {
        int[] version = new int[1];
        try {
            JCudaDriver.setExceptionsEnabled(false);
            int code = JCudaDriver.cuInit(0);
            if (code != 0)
                throw new BackendUnavailableException("the NVIDIA driver (" + library.place()
                        + ") does not start: " + Driver.describe(code)
                        + ". nvidia-smi should list the device; if it does not, the driver or the container's access"
                        + " to the device is at fault.");
            JCudaDriver.cuDriverGetVersion(version);
        } catch (LinkageError e) {
            throw new BackendUnavailableException(
                    "JCuda's native library does not load beside " + library.place() + ": " + firstLine(e), e);
        }
        if (version[0] < OLDEST_DRIVER)
            throw new BackendUnavailableException("the NVIDIA driver is for CUDA " + version(version[0])
                    + "; 12.0 or newer is needed (driver 525 or newer)");
        return version[0];
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    private static String askCudnn() {
        try {
            JCudnn.setExceptionsEnabled(false);
            long version = JCudnn.cudnnGetVersion();
            return version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
        } catch (LinkageError e) {
            throw new BackendUnavailableException("JCudnn's native library does not load: " + firstLine(e), e);
        }
    }

    private static String found(
            Optional<Nvrtc> compiler, Optional<NativeLibrary> cublas, Optional<NativeLibrary> cudnn) {
        List<String> there = new ArrayList<>();
        compiler.ifPresent(c -> there.add("NVRTC " + c.version() + " (" + c.place() + ")"));
        cublas.ifPresent(c -> there.add("cuBLASLt (" + c.place() + ")"));
        cudnn.ifPresent(c -> there.add("cuDNN (" + c.place() + ")"));
        return there.isEmpty() ? "" : "Found: " + String.join(", ", there) + ".";
    }

    private static String searched(LibraryFolders folders) {
        return " Name the folder of a library with -Dkeras.cuda.path=FOLDER, LD_LIBRARY_PATH or CUDA_PATH."
                + " Searched: the system's loader, " + folders.first() + " and " + folders.usual();
    }

    static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }
}

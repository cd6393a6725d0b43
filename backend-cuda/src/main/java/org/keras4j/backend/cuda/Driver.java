package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGetErrorString;

import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;

/** The results of calls of the CUDA driver: what they mean, and whether the device can go on after one. */
final class Driver {
    private final String device;
    private volatile @Nullable String broken;

    Driver(String device) {
        this.device = device;
    }

    /**
     * Throws what a call has answered.
     *
     * @param what the function, for the message
     */
    void check(int code, String what) {
        if (code != CUresult.CUDA_SUCCESS) throw failure(code, what);
    }

    private CudaException failure(int code, String what) {
        String text = device + ": " + what + " failed with " + describe(code);
        if (!isSticky(code)) return new CudaException(code, text);
        broken = text;
        return new CudaException(
                code,
                text
                        + ". The device's context is lost, and what was in its memory with it. Backends.use(\"cuda\")"
                        + " opens the backend again; models have to be loaded again. If that fails, start the program"
                        + " again.");
    }

    /** Refuses to go on after an error that has cost the device's context. */
    void requireWhole() {
        String text = broken;
        if (text != null)
            throw new IllegalStateException(
                    "This backend has stopped working: " + text + ". Open it again with Backends.use(\"cuda\").");
    }

    boolean isBroken() {
        return broken != null;
    }

    static String describe(int code) {
        var name = new String[1];
        var text = new String[1];
        boolean known = cuGetErrorName(code, name) == 0 && cuGetErrorString(code, text) == 0;
        return known ? name[0] + " (" + text[0] + ")" : "error " + code;
    }

    /** Says whether every later call will fail as well. */
    private static boolean isSticky(int code) {
        return switch (code) {
            case CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
                    CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                    CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    CUresult.CUDA_ERROR_ASSERT,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    CUresult.CUDA_ERROR_INVALID_PC,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_UNKNOWN -> true;
            default -> false;
        };
    }
}

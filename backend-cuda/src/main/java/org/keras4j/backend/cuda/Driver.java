package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGetErrorString;

import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.device.DeviceLostException;

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

    private RuntimeException failure(int code, String what) {
        String said = describe(code);
        var plain = new CudaException(code, device + ": " + what + " failed with " + said);
        if (!isSticky(code)) return plain;
        broken = said;
        return new DeviceLostException(device, "running " + what, said, plain);
    }

    /** Refuses to go on after an error that has cost the device's context. */
    void requireWhole() {
        String said = broken;
        if (said != null)
            throw new IllegalStateException(device + " was lost earlier (" + said
                    + "), and this backend with it. Backends.use(\"cuda\") opens another; if that fails too, the"
                    + " program has to be started again.");
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

package org.keras4j.backend.cuda;

/** CUDA, or one of NVIDIA's libraries, has refused a call or failed. The message says which, and what to do. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    CudaException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** Returns the number of the error, as in NVIDIA's headers. */
    public int code() {
        return code;
    }
}

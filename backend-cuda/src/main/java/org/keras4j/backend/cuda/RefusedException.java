package org.keras4j.backend.cuda;

/** One of NVIDIA's libraries does not do what it was asked for; a kernel of ours has to. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message, null, false, false);
    }
}

package org.keras4j.backend.cuda;

/** A kernel does something that a CUDA graph cannot hold. Thrown while recording, and caught where it began. */
final class NotRecordableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotRecordableException(String message) {
        super(message, null, false, false);
    }
}

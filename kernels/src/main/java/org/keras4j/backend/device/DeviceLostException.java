package org.keras4j.backend.device;

/**
 * A device stopped answering: a kernel ran wild, the driver was reset, or the device was taken away. What is on it is
 * gone; the backend can be opened anew.
 */
public final class DeviceLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes the error; {@code said} is what the driver answered, {@code doing} what it was asked to do. */
    public DeviceLostException(String device, String doing, String said, Throwable cause) {
        super(
                device + ": the device was lost while " + doing + " (" + said
                        + "). Values that were only there are gone;"
                        + " open the backend anew (Backends.use) and load the model again.",
                cause);
    }
}

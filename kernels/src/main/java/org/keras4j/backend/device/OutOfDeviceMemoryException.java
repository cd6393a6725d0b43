package org.keras4j.backend.device;

/** The device has not as much memory left as was asked for. What was allocated before stays as it is. */
public final class OutOfDeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Makes the error; {@code held} is what this program holds, {@code free} negative where the device does not say.
     */
    public OutOfDeviceMemoryException(String device, long asked, long held, long free) {
        super(device + ": out of memory: asked for " + size(asked) + ", held " + size(held)
                + (free < 0 ? "" : ", free " + size(free))
                + ". A smaller batch needs less; closing other models or programs on the device frees some.");
    }

    private OutOfDeviceMemoryException(String message) {
        super(message);
    }

    /** Returns the error of a buffer that is larger than any that the device allows, whatever is free. */
    public static OutOfDeviceMemoryException tooLarge(String device, long asked, long largest) {
        return new OutOfDeviceMemoryException(
                device + ": one buffer of " + size(asked) + " was asked for, and the largest"
                        + " that the device allows is " + size(largest) + ". A smaller batch needs smaller ones.");
    }

    private static String size(long bytes) {
        return bytes < 10 << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
    }
}

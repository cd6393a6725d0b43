package org.keras4j.backend.device;

/** The device has not as much memory left as was asked for. What was allocated before stays as it is. */
public final class OutOfDeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes the error; {@code held} is what this program holds, {@code free} negative where the device does not say. */
    public OutOfDeviceMemoryException(String device, long asked, long held, long free) {
        super(device + ": out of memory: asked for " + size(asked) + ", held " + size(held)
                + (free < 0 ? "" : ", free " + size(free))
                + ". A smaller batch needs less; closing other models or programs on the device frees some.");
    }

    private static String size(long bytes) {
        return bytes < 10 << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
    }
}

package org.keras4j.backend.cuda;

/**
 * What cuDNN chooses engines for: the device of a handle, or one that it knows by a description alone, which chooses but
 * does not run.
 *
 * @param handle 0 if there is a description
 * @param description the descriptor of a device; 0 if there is a handle
 */
record GraphTarget(long handle, long description) {
    private static final int DEVICE = 38; // a kind of descriptors
    private static final int DEVICE_JSON = 2702;

    static GraphTarget of(long handle) {
        return new GraphTarget(handle, 0);
    }

    /** Returns a device described by cuDNN's JSON for it. */
    static GraphTarget described(CudnnDescriptors library, String json) {
        long device = library.create(DEVICE);
        library.setText(device, DEVICE_JSON, json);
        library.finish(device, "a device");
        return new GraphTarget(0, device);
    }

    /** Sets the handle of a graph or a plan; there is none for a description. */
    void set(CudnnDescriptors library, long descriptor, int attribute) {
        if (handle != 0) library.set(descriptor, attribute, CudnnDescriptors.HANDLE, handle);
    }

    /** Sets the description of a device, if there is one. */
    void describe(CudnnDescriptors library, long descriptor, int attribute) {
        if (description != 0) library.set(descriptor, attribute, CudnnDescriptors.DESCRIPTOR, description);
    }
}

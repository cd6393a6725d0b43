package org.keras4j.backend.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose address can be read. */
final class DevicePointer extends CUdeviceptr {
    long address() {
        return getNativePointer() + getByteOffset();
    }

    /** Returns a pointer to an address. */
    static CUdeviceptr at(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }
}

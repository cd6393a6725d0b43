package org.keras4j.backend.cuda;

import jcuda.driver.CUstream;

/** A stream whose handle can be read. */
final class DeviceStream extends CUstream {
    long handle() {
        return getNativePointer();
    }
}

package org.keras4j.backend.cuda;

import org.keras4j.backend.device.DeviceBackend;

/** The backend of an NVIDIA GPU. */
final class CudaBackend extends DeviceBackend {
    CudaBackend(CudaDevice device, CudaLibraries libraries, CudaOptions options) {
        super("cuda", device);
    }
}

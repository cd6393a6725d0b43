package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuDeviceGetCount;

import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendProvider;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.DeviceLostException;
import org.keras4j.backend.device.OutOfDeviceMemoryException;

/**
 * Finds an NVIDIA GPU: the first that {@code CUDA_VISIBLE_DEVICES} leaves, or the one that {@code KERAS_CUDA_DEVICE}
 * says.
 */
public final class CudaProvider implements BackendProvider {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int priority() {
        return 30;
    }

    @Override
    public Backend open() {
        CudaOptions options = CudaOptions.read();
        CudaLibraries libraries = CudaLibraries.load();
        int[] count = new int[1];
        int code = cuDeviceGetCount(count);
        if (code != 0 || count[0] == 0)
            throw new BackendUnavailableException("the NVIDIA driver is there (CUDA "
                    + CudaLibraries.version(libraries.driverVersion())
                    + ") and sees no device; does CUDA_VISIBLE_DEVICES hide it?");
        if (options.device() >= count[0])
            throw new BackendUnavailableException("KERAS_CUDA_DEVICE is " + options.device() + ", but the driver sees "
                    + count[0] + " devices, numbered from 0");
        try {
            return open(options, libraries);
        } catch (CudaException | OutOfDeviceMemoryException | DeviceLostException e) {
            throw new BackendUnavailableException(
                    "device " + options.device() + " is there, but cannot be used: " + e.getMessage(), e);
        }
    }

    private static Backend open(CudaOptions options, CudaLibraries libraries) {
        DeviceFacts facts = DeviceFacts.of(options.device(), libraries.driverVersion());
        var device = new CudaDevice(libraries, facts);
        TuningCache choices = options.autotune() ? TuningCache.of(libraries.machine(device.traits())) : null;
        try {
            return new CudaBackend(device, libraries, options, choices);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }
}

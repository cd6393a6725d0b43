package org.keras4j.backend.opencl;

import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendProvider;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.device.DeviceBackend;

/** Finds OpenCL devices. */
public final class OpenClProvider implements BackendProvider {
    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public Backend open() {
        return new DeviceBackend("opencl", openDevice());
    }

    /** Opens the device to use. */
    OpenClDevice openDevice() {
        try {
            CL.setExceptionsEnabled(true);
            int[] count = new int[1];
            CL.clGetPlatformIDs(0, null, count);
            var platforms = new cl_platform_id[count[0]];
            CL.clGetPlatformIDs(count[0], platforms, null);
            var devices = new cl_device_id[1];
            CL.clGetDeviceIDs(platforms[0], CL.CL_DEVICE_TYPE_ALL, 1, devices, null);
            return new OpenClDevice(platforms[0], devices[0]);
        } catch (CLException | LinkageError e) {
            throw new BackendUnavailableException("no OpenCL platform was found: " + e.getMessage(), e);
        }
    }
}

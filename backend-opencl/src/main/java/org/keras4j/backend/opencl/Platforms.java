package org.keras4j.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.keras4j.backend.BackendUnavailableException;

/** Loads OpenCL and lists the devices of all platforms. */
final class Platforms {
    private static final String UNIQUE_NAMES = "uniqueLibraryNames";
    private static final String INSTALL =
            "Install the loader and a driver; on Debian: apt install ocl-icd-libopencl1, and"
                    + " nvidia-opencl-icd for NVIDIA, intel-opencl-icd for Intel or mesa-opencl-icd for AMD GPUs,"
                    + " or pocl-opencl-icd to compute on the CPU. `clinfo -l` shows what is found.";

    private Platforms() {}

    /**
     * Returns all devices.
     *
     * @throws BackendUnavailableException if there is none; the message says what to install
     */
    static List<DeviceInfo> devices() {
        return SignalHandlers.keeping(Platforms::find);
    }

    private static List<DeviceInfo> find() {
        load();
        List<DeviceInfo> all = new ArrayList<>();
        try {
            for (cl_platform_id platform : platforms())
                for (cl_device_id device : devices(platform)) all.add(DeviceInfo.of(all.size(), platform, device));
        } catch (CLException e) {
            throw new BackendUnavailableException(
                    "No OpenCL platform: " + OpenClErrors.words(e.getStatus()) + ". " + INSTALL, e);
        }
        if (all.isEmpty()) throw new BackendUnavailableException("No OpenCL device was found. " + INSTALL);
        return all;
    }

    /**
     * Loads JOCL's library. By itself JOCL loads a file of a fixed name from the temporary folder if there is one,
     * which on a machine with several users may be somebody else's; a name that nobody can know keeps them apart.
     */
    private static synchronized void load() {
        String before = System.getProperty(UNIQUE_NAMES);
        try {
            if (before == null) System.setProperty(UNIQUE_NAMES, "true");
            CL.setExceptionsEnabled(true);
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String first =
                    String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
            throw new BackendUnavailableException(
                    "OpenCL's loader (libOpenCL) did not load: " + first + "\n" + INSTALL, e);
        } finally {
            if (before == null) System.clearProperty(UNIQUE_NAMES);
        }
    }

    private static cl_platform_id[] platforms() {
        int[] count = new int[1];
        CL.clGetPlatformIDs(0, null, count);
        var platforms = new cl_platform_id[count[0]];
        if (platforms.length > 0) CL.clGetPlatformIDs(platforms.length, platforms, null);
        return platforms;
    }

    private static cl_device_id[] devices(cl_platform_id platform) {
        try {
            int[] count = new int[1];
            CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
            var devices = new cl_device_id[count[0]];
            if (devices.length > 0) CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null);
            return devices;
        } catch (CLException e) {
            if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) return new cl_device_id[0];
            throw e;
        }
    }
}

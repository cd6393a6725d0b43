package org.keras4j.backend.opencl;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device that OpenCL offers.
 *
 * @param index its number among all devices of all platforms
 * @param platform the name of its platform, such as {@code "NVIDIA CUDA"}
 * @param version the OpenCL version it speaks, such as {@code "OpenCL 3.0 CUDA"}
 * @param driver the driver's version
 * @param units compute units
 * @param memoryBytes global memory
 * @param maxAllocation the most bytes of one buffer
 * @param shared whether it uses the host's own memory, as CPUs and integrated GPUs do
 * @param usable whether it is there and has a compiler
 */
record DeviceInfo(
        int index,
        cl_platform_id platformId,
        cl_device_id id,
        String platform,
        String name,
        Kind kind,
        String version,
        String driver,
        int units,
        long memoryBytes,
        long maxAllocation,
        boolean shared,
        boolean usable) {

    /** What devices are chosen by; the first is preferred. */
    enum Kind {
        GPU,
        ACCELERATOR,
        CPU;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Kind of(long type) {
            if ((type & CL.CL_DEVICE_TYPE_GPU) != 0) return GPU;
            return (type & CL.CL_DEVICE_TYPE_CPU) != 0 ? CPU : ACCELERATOR;
        }
    }

    /** Asks the driver. */
    @SuppressWarnings("deprecation") // CL_DEVICE_HOST_UNIFIED_MEMORY: nothing took its place
    static DeviceInfo of(int index, cl_platform_id platform, cl_device_id id) {
        return new DeviceInfo(
                index,
                platform,
                id,
                text(platform),
                text(id, CL.CL_DEVICE_NAME),
                Kind.of(number(id, CL.CL_DEVICE_TYPE)),
                text(id, CL.CL_DEVICE_VERSION),
                text(id, CL.CL_DRIVER_VERSION),
                (int) number(id, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
                number(id, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
                number(id, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                number(id, CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0,
                number(id, CL.CL_DEVICE_AVAILABLE) != 0 && number(id, CL.CL_DEVICE_COMPILER_AVAILABLE) != 0);
    }

    /** Returns a line for people. */
    String describe() {
        return index + "  " + kind.word() + "  " + name + " (" + platform + ", " + version + "): " + units + " units, "
                + (memoryBytes >> 20) + " MiB, buffers up to " + (maxAllocation >> 20) + " MiB"
                + (shared ? ", shares the host's memory" : "")
                + (usable ? "" : ", not usable: absent or without a compiler");
    }

    static String text(cl_device_id device, int what) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(device, what, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
        return string(bytes);
    }

    private static String text(cl_platform_id platform) {
        long[] size = new long[1];
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
        return string(bytes);
    }

    private static String string(byte[] terminated) {
        return new String(terminated, 0, Math.max(0, terminated.length - 1), StandardCharsets.UTF_8).strip();
    }

    /** Returns a number of 4 or 8 bytes. */
    static long number(cl_device_id device, int what) {
        long[] value = new long[1];
        CL.clGetDeviceInfo(device, what, Sizeof.cl_long, Pointer.to(value), null);
        return value[0];
    }
}

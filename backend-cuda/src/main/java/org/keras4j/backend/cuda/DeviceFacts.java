package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.Traits;

/**
 * What the driver says of a device.
 *
 * @param ordinal its number among the visible devices
 * @param capability ten times the compute capability, such as 90
 * @param driverVersion as the driver numbers it, such as 13000
 * @param pools whether it has the stream-ordered allocator
 */
record DeviceFacts(
        int ordinal,
        CUdevice device,
        String name,
        int capability,
        int driverVersion,
        boolean pools,
        int units,
        int maxGroup,
        long localBytes,
        long memoryBytes) {
    static DeviceFacts of(int ordinal, int driverVersion) {
        var device = new CUdevice();
        check(cuDeviceGet(device, ordinal), "cuDeviceGet");
        byte[] name = new byte[256];
        check(cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        long[] memory = new long[1];
        check(cuDeviceTotalMem(memory, device), "cuDeviceTotalMem");
        return new DeviceFacts(
                ordinal,
                device,
                text(name),
                number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) * 10
                        + number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                driverVersion,
                number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0,
                number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK),
                number(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
                memory[0]);
    }

    private static String text(byte[] zeroEnded) {
        int length = 0;
        while (length < zeroEnded.length && zeroEnded[length] != 0) length++;
        return new String(zeroEnded, 0, length, StandardCharsets.UTF_8).strip();
    }

    private static int number(CUdevice device, int attribute) {
        int[] value = new int[1];
        check(cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute " + attribute);
        return value[0];
    }

    private static void check(int code, String what) {
        if (code != 0) throw new CudaException(code, what + " failed with " + Driver.describe(code));
    }

    Traits traits(String key) {
        return new Traits(Dialect.CUDA, name, key, false, units, maxGroup, localBytes, true, memoryBytes, memoryBytes);
    }
}

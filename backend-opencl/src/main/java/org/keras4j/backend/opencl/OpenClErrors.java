package org.keras4j.backend.opencl;

import org.jocl.CL;
import org.jocl.CLException;
import org.keras4j.backend.device.DeviceLostException;

/** OpenCL's error codes in words. */
final class OpenClErrors {
    private OpenClErrors() {}

    /** Returns the code's name and, where it says more, what it means. */
    static String words(int status) {
        String meaning = switch (status) {
            case CL.CL_DEVICE_NOT_FOUND -> "no device of that kind";
            case CL.CL_DEVICE_NOT_AVAILABLE -> "the device is not available";
            case CL.CL_COMPILER_NOT_AVAILABLE -> "the platform has no compiler";
            case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE -> "the device has no memory left for a buffer";
            case CL.CL_OUT_OF_RESOURCES -> "the device ran out of resources, or a kernel broke it";
            case CL.CL_OUT_OF_HOST_MEMORY -> "the host has no memory left for the driver";
            case CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST -> "an earlier command failed";
            case CL.CL_INVALID_COMMAND_QUEUE, CL.CL_INVALID_CONTEXT -> "the driver has given the device up";
            case CL.CL_INVALID_BUFFER_SIZE -> "larger than the device's largest buffer";
            case CL.CL_INVALID_KERNEL_NAME -> "the program has no such kernel";
            case CL.CL_INVALID_WORK_GROUP_SIZE -> "the device cannot run groups of that size";
            case CL.CL_INVALID_KERNEL_ARGS, CL.CL_INVALID_ARG_SIZE, CL.CL_INVALID_ARG_INDEX ->
                "the kernel was given other arguments than it has";
            case -1001 -> "no driver is installed"; // CL_PLATFORM_NOT_FOUND_KHR of the loader
            default -> "";
        };
        String name = status == -1001 ? "CL_PLATFORM_NOT_FOUND_KHR" : CL.stringFor_errorCode(status);
        return meaning.isEmpty() ? name : name + ": " + meaning;
    }

    /** Says whether the code means that there is no room for a buffer. */
    static boolean isOutOfMemory(int status) {
        return status == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
                || status == CL.CL_OUT_OF_RESOURCES
                || status == CL.CL_OUT_OF_HOST_MEMORY
                || status == CL.CL_INVALID_BUFFER_SIZE;
    }

    /** Returns the error for people of what {@code device} was doing when {@code e} came. */
    static RuntimeException of(String device, String doing, CLException e) {
        return switch (e.getStatus()) {
            case CL.CL_DEVICE_NOT_AVAILABLE,
                    CL.CL_OUT_OF_RESOURCES,
                    CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
                    CL.CL_INVALID_COMMAND_QUEUE,
                    CL.CL_INVALID_CONTEXT -> new DeviceLostException(device, doing, words(e.getStatus()), e);
            default ->
                new IllegalStateException(device + ": OpenCL failed while " + doing + ": " + words(e.getStatus()), e);
        };
    }
}

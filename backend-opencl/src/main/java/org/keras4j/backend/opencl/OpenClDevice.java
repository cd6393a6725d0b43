package org.keras4j.backend.opencl;

import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.Dialect;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.Program;
import org.keras4j.backend.device.Source;
import org.keras4j.backend.device.Traits;

/** One OpenCL device with a context and one in-order queue. */
final class OpenClDevice implements Device {
    private static final String OPTIONS = "-cl-std=CL1.2 -cl-mad-enable";

    private final cl_device_id device;
    private final cl_context context;
    private final cl_command_queue queue;
    private final Traits traits;

    @SuppressWarnings("deprecation") // OpenCL 1.2 has no other way to make a queue
    OpenClDevice(cl_platform_id platform, cl_device_id device) {
        this.device = device;
        var properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, platform);
        context = CL.clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
        queue = CL.clCreateCommandQueue(context, device, 0, null);
        traits = traits(device);
    }

    private static Traits traits(cl_device_id device) {
        String name = text(device, CL.CL_DEVICE_NAME);
        return new Traits(
                Dialect.OPENCL,
                name,
                name + "|" + text(device, CL.CL_DEVICE_VERSION) + "|" + text(device, CL.CL_DRIVER_VERSION),
                (number(device, CL.CL_DEVICE_TYPE) & CL.CL_DEVICE_TYPE_CPU) != 0,
                (int) number(device, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
                (int) number(device, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
                number(device, CL.CL_DEVICE_LOCAL_MEM_SIZE),
                text(device, CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64"),
                number(device, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
                number(device, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE));
    }

    static String text(cl_device_id device, int what) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(device, what, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetDeviceInfo(device, what, bytes.length, Pointer.to(bytes), null);
        return new String(bytes, 0, Math.max(0, bytes.length - 1), java.nio.charset.StandardCharsets.UTF_8).strip();
    }

    static long number(cl_device_id device, int what) {
        long[] value = new long[1];
        CL.clGetDeviceInfo(device, what, Sizeof.cl_long, Pointer.to(value), null);
        return value[0];
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public Buffer allocate(long bytes) {
        return new OpenClBuffer(CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null), bytes);
    }

    @Override
    public void free(Buffer buffer) {
        CL.clReleaseMemObject(memory(buffer));
    }

    private static cl_mem memory(Buffer buffer) {
        return ((OpenClBuffer) buffer).memory();
    }

    private static Pointer pointer(MemorySegment segment) {
        Object array = segment.heapBase().orElse(null);
        Pointer start =
                switch (array) {
                    case float[] a -> Pointer.to(a);
                    case double[] a -> Pointer.to(a);
                    case int[] a -> Pointer.to(a);
                    case long[] a -> Pointer.to(a);
                    case null, default -> Pointer.to(segment.asByteBuffer());
                };
        return array == null ? start : start.withByteOffset(segment.address());
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByte) {
        CL.clEnqueueWriteBuffer(queue, memory(to), true, toByte, from.byteSize(), pointer(from), 0, null, null);
    }

    @Override
    public void read(Buffer from, long fromByte, MemorySegment to) {
        CL.clEnqueueReadBuffer(queue, memory(from), true, fromByte, to.byteSize(), pointer(to), 0, null, null);
    }

    @Override
    public Kernel copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        cl_mem source = memory(from);
        cl_mem target = memory(to);
        return () -> CL.clEnqueueCopyBuffer(queue, source, target, fromByte, toByte, bytes, 0, null, null);
    }

    @Override
    public void clear(Buffer buffer, long fromByte, long bytes) {
        CL.clEnqueueFillBuffer(queue, memory(buffer), Pointer.to(new int[1]), 4, fromByte, bytes, 0, null, null);
    }

    @Override
    public Program compile(Source source) {
        cl_program program = CL.clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, null);
        try {
            CL.clBuildProgram(program, 1, new cl_device_id[] {device}, OPTIONS, null, null);
        } catch (CLException e) {
            throw new KernelCompilationException(traits.name(), source, log(program));
        }
        return new OpenClProgram(queue, program);
    }

    private String log(cl_program program) {
        long[] size = new long[1];
        CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void finish() {
        CL.clFinish(queue);
    }

    @Override
    public void close() {
        CL.clFinish(queue);
        CL.clReleaseCommandQueue(queue);
        CL.clReleaseContext(context);
    }
}

package org.keras4j.backend.opencl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.device.BinaryCache;
import org.keras4j.backend.device.KernelCompilationException;
import org.keras4j.backend.device.Source;

/** Builds programs, and keeps them on disk as the driver's binaries where the driver does not keep them itself. */
final class Compiler {
    private static final String OPTIONS = "-cl-std=CL1.2 -cl-mad-enable";
    private static final String EXACT = " -cl-fp32-correctly-rounded-divide-sqrt";

    private final String name;
    private final cl_device_id device;
    private final cl_context context;
    private final @Nullable BinaryCache cache;
    private final String options;

    /** Builds for a device; with no cache each program is built from source. */
    Compiler(DeviceInfo device, cl_context context, @Nullable BinaryCache cache) {
        this.name = device.name();
        this.options = options(device);
        this.device = device.id();
        this.context = context;
        this.cache = cache;
    }

    /** Returns the options for a device: quotients and square roots are rounded correctly where it can. */
    static String options(DeviceInfo device) {
        long can = DeviceInfo.number(device.id(), CL.CL_DEVICE_SINGLE_FP_CONFIG);
        return (can & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0 ? OPTIONS + EXACT : OPTIONS;
    }

    cl_program compile(Source source) {
        if (cache == null) return build(source);
        Optional<byte[]> binary = cache.get(source, options);
        if (binary.isPresent()) {
            cl_program loaded = load(binary.get());
            if (loaded != null) return loaded;
            cache.remove(source, options);
        }
        cl_program built = build(source);
        byte[] fresh = binary(built);
        if (fresh.length > 0) cache.put(source, options, fresh);
        return built;
    }

    /** Returns null if the driver does not take the binary, as after an update or where the file is damaged. */
    private @Nullable cl_program load(byte[] binary) {
        cl_program program = null;
        try {
            program = CL.clCreateProgramWithBinary(
                    context,
                    1,
                    new cl_device_id[] {device},
                    new long[] {binary.length},
                    new byte[][] {binary},
                    new int[1],
                    null);
            CL.clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null);
            return program;
        } catch (CLException e) {
            if (program != null) CL.clReleaseProgram(program);
            return null;
        }
    }

    private cl_program build(Source source) {
        cl_program program = CL.clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, null);
        try {
            CL.clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null);
            return program;
        } catch (CLException e) {
            String log =
                    e.getStatus() == CL.CL_BUILD_PROGRAM_FAILURE ? log(program) : OpenClErrors.words(e.getStatus());
            CL.clReleaseProgram(program);
            throw new KernelCompilationException(name, source, log);
        }
    }

    private String log(cl_program program) {
        long[] size = new long[1];
        CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] binary(cl_program program) {
        try {
            long[] size = new long[1];
            CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
            byte[] binary = new byte[(int) size[0]];
            if (binary.length > 0)
                CL.clGetProgramInfo(
                        program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(Pointer.to(binary)), null);
            return binary;
        } catch (CLException e) {
            return new byte[0]; // a driver that gives no binaries compiles each time
        }
    }
}

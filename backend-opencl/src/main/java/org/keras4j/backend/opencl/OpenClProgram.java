package org.keras4j.backend.opencl;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.Program;

/** A built program. It and its kernels are released when nothing refers to them any more. */
final class OpenClProgram implements Program {
    private static final Cleaner CLEANER = Cleaner.create();

    private final String device;
    private final CommandQueue queue;
    private final cl_program program;

    OpenClProgram(String device, CommandQueue queue, cl_program program) {
        this.device = device;
        this.queue = queue;
        this.program = program;
        CLEANER.register(this, () -> CL.clReleaseProgram(program));
    }

    @Override
    public Kernel bind(String function, Grid grid, Argument... arguments) {
        try {
            cl_kernel kernel = CL.clCreateKernel(program, function, null);
            var launch = new Launch(queue, function, kernel, grid, arguments);
            CLEANER.register(launch, () -> CL.clReleaseKernel(kernel));
            set(kernel, arguments);
            return launch;
        } catch (CLException e) {
            throw OpenClErrors.of(device, "preparing kernel " + function, e);
        }
    }

    private static void set(cl_kernel kernel, Argument[] arguments) {
        int at = 0;
        for (Argument argument : arguments) {
            switch (argument) {
                case Argument.Place(OpenClBuffer buffer, long offset) -> {
                    CL.clSetKernelArg(kernel, at++, Sizeof.cl_mem, buffer.argument());
                    CL.clSetKernelArg(kernel, at++, Sizeof.cl_long, Pointer.to(new long[] {offset}));
                }
                case Argument.Place place -> throw new IllegalArgumentException("Not of this device: " + place);
                case Argument.Int(int value) ->
                    CL.clSetKernelArg(kernel, at++, Sizeof.cl_int, Pointer.to(new int[] {value}));
                case Argument.Long(long value) ->
                    CL.clSetKernelArg(kernel, at++, Sizeof.cl_long, Pointer.to(new long[] {value}));
            }
        }
    }

    /** A kernel with its arguments, whose buffers stay as long as it does. */
    private static final class Launch implements Kernel {
        private final CommandQueue queue;
        private final String name;
        private final cl_kernel kernel;
        private final long[] global;
        private final long[] local;

        @SuppressWarnings({"unused", "FieldCanBeLocal"}) // OpenCL does not keep a kernel's buffers from being freed
        private final Argument[] arguments;

        Launch(CommandQueue queue, String name, cl_kernel kernel, Grid grid, Argument[] arguments) {
            this.queue = queue;
            this.name = name;
            this.kernel = kernel;
            this.arguments = arguments;
            int axes = grid.groupsZ() * grid.sizeZ() > 1 ? 3 : grid.groupsY() * grid.sizeY() > 1 ? 2 : 1;
            local = Arrays.copyOf(new long[] {grid.sizeX(), grid.sizeY(), grid.sizeZ()}, axes);
            global = Arrays.copyOf(new long[] {grid.groupsX(), grid.groupsY(), grid.groupsZ()}, axes);
            for (int i = 0; i < axes; i++) global[i] *= local[i];
        }

        @Override
        public void run() {
            queue.launch(name, kernel, global, local);
        }
    }
}

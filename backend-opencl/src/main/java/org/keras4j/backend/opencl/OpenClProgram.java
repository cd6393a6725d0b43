package org.keras4j.backend.opencl;

import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.Program;

/** A built program. */
record OpenClProgram(cl_command_queue queue, cl_program program) implements Program {
    @Override
    public Kernel bind(String function, Grid grid, Argument... arguments) {
        cl_kernel kernel = CL.clCreateKernel(program, function, null);
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
        long[] local = {grid.sizeX(), grid.sizeY(), grid.sizeZ()};
        long[] global = {
            (long) grid.groupsX() * grid.sizeX(),
            (long) grid.groupsY() * grid.sizeY(),
            (long) grid.groupsZ() * grid.sizeZ()
        };
        return () -> CL.clEnqueueNDRangeKernel(queue, kernel, 3, null, global, local, 0, null, null);
    }
}

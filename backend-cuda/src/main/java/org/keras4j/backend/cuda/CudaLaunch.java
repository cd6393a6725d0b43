package org.keras4j.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Grid;

/** A launch of one function, with its parameters laid out in native memory once. */
final class CudaLaunch implements Kernel {
    private final CudaDevice device;
    private final CUfunction function;
    private final String name;
    private final Grid grid;
    private final Pointer parameters;

    CudaLaunch(CudaDevice device, CUfunction function, String name, Grid grid, Argument... arguments) {
        this.device = device;
        this.function = function;
        this.name = name;
        this.grid = grid;
        this.parameters = Pointer.to(layOut(arguments).asByteBuffer());
    }

    /** Returns the addresses of the parameters, then the parameters, each in eight bytes. */
    private static MemorySegment layOut(Argument... arguments) {
        int count = 0;
        for (Argument argument : arguments) count += argument instanceof Argument.Place ? 2 : 1;
        MemorySegment all = Arena.ofAuto().allocate(Math.max(1, count) * 16L, 16);
        int at = 0;
        for (Argument argument : arguments) {
            switch (argument) {
                case Argument.Place(CudaBuffer buffer, long offset) -> {
                    all.setAtIndex(JAVA_LONG, count + at++, buffer.address());
                    all.setAtIndex(JAVA_LONG, count + at++, offset);
                }
                case Argument.Place place -> throw new IllegalArgumentException("Not of this device: " + place);
                case Argument.Int(int value) -> all.set(JAVA_INT, (count + at++) * 8L, value);
                case Argument.Long(long value) -> all.setAtIndex(JAVA_LONG, count + at++, value);
            }
        }
        for (int i = 0; i < count; i++) all.setAtIndex(JAVA_LONG, i, all.address() + (count + i) * 8L);
        return all;
    }

    @Override
    public void run() {
        device.enter();
        int code = cuLaunchKernel(
                function,
                grid.groupsX(),
                grid.groupsY(),
                grid.groupsZ(),
                grid.sizeX(),
                grid.sizeY(),
                grid.sizeZ(),
                0,
                device.stream(),
                parameters,
                null);
        if (code != 0) device.driver.check(code, "kernel " + name);
    }
}

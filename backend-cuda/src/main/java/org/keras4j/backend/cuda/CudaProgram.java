package org.keras4j.backend.cuda;

import static jcuda.driver.JCudaDriver.cuModuleGetFunction;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.Program;

/** A loaded module. */
final class CudaProgram implements Program {
    private final CudaDevice device;
    private final CUmodule module;
    private final ConcurrentMap<String, CUfunction> functions = new ConcurrentHashMap<>();

    CudaProgram(CudaDevice device, CUmodule module) {
        this.device = device;
        this.module = module;
    }

    @Override
    public Kernel bind(String function, Grid grid, Argument... arguments) {
        device.enter();
        return new CudaLaunch(device, functions.computeIfAbsent(function, this::find), function, grid, arguments);
    }

    private CUfunction find(String name) {
        var function = new CUfunction();
        device.driver.check(cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function;
    }
}

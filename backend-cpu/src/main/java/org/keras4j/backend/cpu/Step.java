package org.keras4j.backend.cpu;

import org.keras4j.backend.cpu.kernels.Registers;

/** One instruction of a fused elementwise loop, run on the first {@code n} elements of its registers. */
interface Step {
    void run(Registers r, int n);
}

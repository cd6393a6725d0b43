package org.keras4j.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Floats;
import org.keras4j.backend.cpu.kernels.GruStep;
import org.keras4j.backend.cpu.kernels.GruStepGradient;
import org.keras4j.backend.cpu.kernels.LstmStep;
import org.keras4j.backend.cpu.kernels.LstmStepGradient;
import org.keras4j.backend.cpu.kernels.WorkPool;

/** Prepares the steps of recurrent layers on float32 tensors. */
final class CellFusions {
    private CellFusions() {}

    static Kernel lstm(WorkPool pool, List<View> in, List<View> out) {
        List<Floats> v = floats(in, out);
        var step = new LstmStep(pool, rows(in), units(in), v.get(0), v.get(1), v.get(2), v.get(3), v.get(4));
        return step::run;
    }

    static Kernel lstmGradient(WorkPool pool, List<View> in, List<View> out) {
        List<Floats> v = floats(in, out);
        var step = new LstmStepGradient(
                pool, rows(in), units(in), v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), v.get(5), v.get(6));
        return step::run;
    }

    static Kernel gru(WorkPool pool, List<View> in, List<View> out) {
        List<Floats> v = floats(in, out);
        var step = new GruStep(pool, rows(in), units(in), v.get(0), v.get(1), v.get(2), v.get(3));
        return step::run;
    }

    static Kernel gruGradient(WorkPool pool, List<View> in, List<View> out) {
        List<Floats> v = floats(in, out);
        var step = new GruStepGradient(
                pool, rows(in), units(in), v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), v.get(5), v.get(6));
        return step::run;
    }

    private static int rows(List<View> in) {
        return in.getLast().shape().dim(0);
    }

    private static int units(List<View> in) {
        return in.getLast().shape().last();
    }

    private static List<Floats> floats(List<View> in, List<View> out) {
        List<Floats> all = new ArrayList<>();
        for (View v : in) all.add(new Floats(DotKernel.floats(v), (int) v.offset()));
        for (View v : out) all.add(new Floats(DotKernel.floats(v), (int) v.offset()));
        return all;
    }
}

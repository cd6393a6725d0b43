package org.keras4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Label;

/** Prepared kernels in the order they run, each with what it does. */
final class Kernels {
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<BoundStep> steps = new ArrayList<>();

    void add(BoundStep what, Supplier<Kernel> preparation) {
        kernels.add(Label.during(what.label(), preparation));
        steps.add(what);
    }

    List<Kernel> list() {
        return kernels;
    }

    List<BoundStep> steps() {
        return steps;
    }

    /** Runs them all; an error says which layer it comes from. */
    void run() {
        int i = 0;
        try {
            for (; i < kernels.size(); i++) kernels.get(i).run();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            String label = steps.get(i).label();
            if (label.isEmpty() || String.valueOf(e.getMessage()).startsWith(label + ": ")) throw e;
            throw new IllegalArgumentException(label + ": " + e.getMessage(), e);
        }
    }
}

package org.keras4j.saving;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.saving.hdf5.Hdf5File;
import org.keras4j.saving.hdf5.Hdf5Group;
import org.keras4j.serialization.Saveable;

/** The optimizer's variables in an {@code .h5} file, whose order changed from one Keras to the next. */
final class LegacyOptimizerState {
    private static final System.Logger LOG = System.getLogger(LegacyOptimizerState.class.getName());
    private static final int BEFORE_SLOTS = 2;

    private LegacyOptimizerState() {}

    /** Loads what is there; an optimizer that it does not fit starts afresh, as in every Keras. */
    static void load(Hdf5File file, Saveable model) {
        Hdf5Group group = file.root().findGroup("optimizer_weights");
        Optimizer optimizer = optimizerOf(model);
        if (group == null || optimizer == null) return;
        List<String> names = group.attributes().strings("weight_names");
        if (names == null || names.isEmpty()) return;
        List<NDArray> stored = new ArrayList<>();
        for (String name : names) stored.add(group.dataset(name).read().toNDArray());
        List<Variable> variables = optimizer.variables();
        List<@Nullable NDArray> ordered =
                ordered(stored, variables, optimizer.trainedVariables().size());
        if (fits(ordered, variables)) {
            for (int i = 0; i < variables.size(); i++) {
                NDArray value = ordered.get(i);
                if (value != null)
                    variables.get(i).assign(value.cast(variables.get(i).dtype()));
            }
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: the state of optimizer {1} does not fit; it starts afresh",
                    file.name(),
                    optimizer.name());
        }
    }

    private static @Nullable Optimizer optimizerOf(Saveable model) {
        return model.children().get("optimizer") instanceof Optimizer optimizer ? optimizer : null;
    }

    /** Returns the arrays in the order of Keras 3; null leaves a variable as it is. */
    private static List<@Nullable NDArray> ordered(List<NDArray> stored, List<Variable> variables, int trained) {
        if (stored.size() == variables.size()) return new ArrayList<>(stored);
        List<@Nullable NDArray> out = new ArrayList<>();
        // RMSprop and its like did not count iterations before Keras 2.2
        boolean counts = stored.getFirst().shape().rank() == 0;
        out.add(counts ? stored.getFirst() : null);
        out.add(null); // the learning rate became a variable in Keras 3
        List<NDArray> slots = stored.subList(counts ? 1 : 0, stored.size());
        int wanted = variables.size() - BEFORE_SLOTS;
        if (slots.size() == wanted && fits(slots, variables.subList(BEFORE_SLOTS, variables.size()))) {
            out.addAll(slots);
            return out;
        }
        if (trained == 0 || wanted % trained != 0 || slots.size() < wanted) return out;
        // all first slots, then all second ones; today slots of one variable stand together
        int kinds = wanted / trained;
        for (int i = 0; i < wanted; i++) out.add(slots.get(i % kinds * trained + i / kinds));
        return out;
    }

    private static boolean fits(List<? extends @Nullable NDArray> arrays, List<Variable> variables) {
        if (arrays.size() != variables.size()) return false;
        for (int i = 0; i < arrays.size(); i++) {
            NDArray array = arrays.get(i);
            if (array != null && !array.shape().equals(variables.get(i).shape())) return false;
        }
        return true;
    }
}

package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.callbacks.Callback;

/** The callbacks of a run, told together. */
final class CallbackList {
    private final List<Callback> callbacks;

    CallbackList(Model model, List<Callback> callbacks, Callback.Params params) {
        this.callbacks = new ArrayList<>(callbacks);
        for (Callback c : this.callbacks) c.attach(model, params);
    }

    /**
     * Returns how many batches of {@code wanted} (null for all) are run, as {@link Config#maxStepsPerEpoch} limits
     * them.
     */
    static @Nullable Integer steps(@Nullable Integer wanted) {
        Integer most = Config.maxStepsPerEpoch();
        return most == null || wanted != null && wanted <= most ? wanted : most;
    }

    /** Tells each callback. */
    void tell(Consumer<Callback> event) {
        for (int i = 0; i < callbacks.size(); i++) event.accept(callbacks.get(i));
    }

    void trainBatchBegin(int batch) {
        for (int i = 0; i < callbacks.size(); i++) callbacks.get(i).onTrainBatchBegin(batch);
    }

    void trainBatchEnd(int batch, Map<String, Double> logs) {
        for (int i = 0; i < callbacks.size(); i++) callbacks.get(i).onTrainBatchEnd(batch, logs);
    }
}

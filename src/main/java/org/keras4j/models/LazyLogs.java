package org.keras4j.models;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The metrics so far, read from the device only if somebody looks at them. One instance serves a whole run. */
final class LazyLogs extends AbstractMap<String, Double> {
    private final Trainer trainer;
    private @Nullable Map<String, Double> values;

    LazyLogs(Trainer trainer) {
        this.trainer = trainer;
    }

    /** Forgets the values, because a step has changed them. */
    LazyLogs stale() {
        values = null;
        return this;
    }

    @Override
    public Set<Entry<String, Double>> entrySet() {
        Map<String, Double> known = values;
        if (known == null) {
            known = trainer.readMetrics();
            values = known;
        }
        return known.entrySet();
    }
}

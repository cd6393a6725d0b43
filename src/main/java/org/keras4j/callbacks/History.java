package org.keras4j.callbacks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics of each epoch; {@code fit} returns it. */
public final class History extends Callback {
    private final Map<String, List<Double>> history = new LinkedHashMap<>();
    private final List<Integer> epoch = new ArrayList<>();

    @Override
    public void onTrainBegin() {
        epoch.clear();
    }

    @Override
    public void onEpochEnd(int number, Map<String, Double> logs) {
        epoch.add(number);
        logs.forEach((name, value) ->
                history.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
    }

    /** Returns the numbers of the epochs run, from 0. */
    public List<Integer> epoch() {
        return Collections.unmodifiableList(epoch);
    }

    /** Returns the values of all metrics by name, one for each epoch. */
    public Map<String, List<Double>> history() {
        return Collections.unmodifiableMap(history);
    }

    /**
     * Returns the values of one metric, one for each epoch.
     *
     * @throws IllegalArgumentException if there is no such metric; the message lists those that are
     */
    public List<Double> get(String metric) {
        List<Double> values = history.get(metric);
        if (values == null)
            throw new IllegalArgumentException("No metric \"" + metric + "\"; known: " + history.keySet());
        return Collections.unmodifiableList(values);
    }
}

package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** A layer that adds or takes away places at both ends of the spatial axes. */
abstract class BaseEdges<L extends BaseEdges<L>> extends BaseLayer<L> {
    final int[][] edges;
    private final String option;
    private final boolean hasFormat;
    private String dataFormat = ConfigValues.dataFormat(null);

    /** Takes (before, after) for each spatial axis. */
    BaseEdges(String option, int[][] edges, int spatialAxes, boolean hasFormat) {
        this.option = option;
        this.hasFormat = hasFormat;
        if (edges.length != spatialAxes) throw wrong(option, spatialAxes, edges);
        this.edges = new int[spatialAxes][];
        for (int i = 0; i < spatialAxes; i++) {
            if (edges[i].length != 2 || edges[i][0] < 0 || edges[i][1] < 0) throw wrong(option, spatialAxes, edges);
            this.edges[i] = edges[i].clone();
        }
        inputSpec(InputSpec.ofRank(spatialAxes + 2));
    }

    private IllegalArgumentException wrong(String option, int axes, int[][] edges) {
        return new IllegalArgumentException(className() + ": " + option + " must be " + axes
                + " pairs of numbers of 0 or more, got " + Arrays.deepToString(edges));
    }

    /** Returns (n, n) for each axis of one number, or (n_i, n_i) of several. */
    static int[][] symmetric(int[] values, int axes) {
        var pairs = new int[values.length == 1 ? axes : values.length][];
        for (int i = 0; i < pairs.length; i++) {
            int v = values[values.length == 1 ? 0 : i];
            pairs[i] = new int[] {v, v};
        }
        return pairs;
    }

    /** Reads one number, a number for each axis or a pair for each axis. */
    static int[][] read(ConfigReader config, String key, int axes, int otherwise) {
        Object value = config.get(key);
        if (value == null) return symmetric(new int[] {otherwise}, axes);
        if (!(value instanceof List<?> list) || list.isEmpty() || !(list.getFirst() instanceof List<?>)) {
            int[] ints = config.ints(key);
            return axes == 1 && ints.length == 2 ? new int[][] {ints} : symmetric(ints, axes);
        }
        var pairs = new int[list.size()][];
        for (int i = 0; i < pairs.length; i++) {
            if (!(list.get(i) instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof Number before
                    && pair.get(1) instanceof Number after)) throw config.wrong(key, "pairs of integers", value);
            pairs[i] = new int[] {before.intValue(), after.intValue()};
        }
        return pairs;
    }

    final L format(@Nullable String format) {
        requireUnbuilt();
        dataFormat = ConfigValues.dataFormat(format);
        return self();
    }

    /** Returns the first spatial axis. */
    final int firstAxis() {
        return hasFormat && dataFormat.equals("channels_first") ? 2 : 1;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put(option, edges.length == 1 ? ConfigValues.list(edges[0]) : ConfigValues.list(edges));
        if (hasFormat) config.put("data_format", dataFormat);
        return config;
    }
}

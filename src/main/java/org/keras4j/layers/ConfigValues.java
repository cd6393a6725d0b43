package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;

/** Values as they stand in configs. */
final class ConfigValues {
    private ConfigValues() {}

    static List<Integer> list(int[] values) {
        List<Integer> list = new ArrayList<>();
        for (int v : values) list.add(v);
        return list;
    }

    static @Nullable List<Integer> nullableList(int @Nullable [] values) {
        return values == null ? null : list(values);
    }

    /** Returns pairs as a list of lists of two. */
    static List<List<Integer>> list(int[][] pairs) {
        List<List<Integer>> list = new ArrayList<>();
        for (int[] pair : pairs) list.add(list(pair));
        return list;
    }

    /** Returns {@code values} for {@code axes} axes: one number stands for all. */
    static int[] spread(Object layer, String option, int[] values, int axes, int least) {
        int[] all = values;
        if (values.length == 1) {
            all = new int[axes];
            Arrays.fill(all, values[0]);
        }
        String who = layer.getClass().getSimpleName() + ": " + option;
        if (all.length != axes)
            throw new IllegalArgumentException(
                    who + " must be one number or " + axes + ", got " + Arrays.toString(values));
        for (int v : all)
            if (v < least)
                throw new IllegalArgumentException(
                        who + " must be " + least + " or more, got " + Arrays.toString(values));
        return all.clone();
    }

    /** Returns the format, or that of {@link Config} for null. */
    static String dataFormat(@Nullable String format) {
        if (format == null) return Config.imageDataFormat();
        if (format.equals("channels_last") || format.equals("channels_first")) return format;
        throw new IllegalArgumentException(
                "data_format must be \"channels_last\" or \"channels_first\", got \"" + format + "\"");
    }
}

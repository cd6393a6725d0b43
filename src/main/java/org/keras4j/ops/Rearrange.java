package org.keras4j.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** Reordering axes by a pattern such as {@code "b (h h1) w c -> b h w (c h1)"}. */
final class Rearrange {
    private static final Pattern GROUP = Pattern.compile("\\w+|\\(.*?\\)");
    private static final Pattern NAME = Pattern.compile("\\w+");

    private Rearrange() {}

    static Tensor rearrange(Tensor x, String pattern, Map<?, ?> lengths) {
        int arrow = pattern.indexOf("->");
        if (arrow < 0) throw new IllegalArgumentException("rearrange: \"" + pattern + "\" has no \"->\"");
        List<List<String>> from = groups(pattern.substring(0, arrow));
        List<List<String>> to = groups(pattern.substring(arrow + 2));
        if (from.size() != x.rank())
            throw new IllegalArgumentException(
                    "rearrange: \"" + pattern + "\" has " + from.size() + " axes, the tensor is " + x.shape());
        Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < from.size(); i++) measure(from.get(i), x.shape().dim(i), lengths, sizes, pattern);
        List<String> names = from.stream().flatMap(List::stream).toList();
        List<String> wanted = to.stream().flatMap(List::stream).toList();
        var split = names.stream().mapToInt(sizes::get).toArray();
        var order = wanted.stream().mapToInt(names::indexOf).toArray();
        for (int place : order)
            if (place < 0 || order.length != names.size())
                throw new IllegalArgumentException(
                        "rearrange: both sides of \"" + pattern + "\" must have the same axes");
        Tensor y = Primitives.transpose(Manipulation.reshape(x, split), order);
        int[] dims = to.stream()
                .mapToInt(g -> g.stream().mapToInt(sizes::get).reduce(1, (a, b) -> a * b))
                .toArray();
        return Primitives.reshape(y, Shape.of(dims));
    }

    private static List<List<String>> groups(String side) {
        List<List<String>> groups = new ArrayList<>();
        Matcher m = GROUP.matcher(side);
        while (m.find())
            groups.add(NAME.matcher(m.group()).results().map(r -> r.group()).toList());
        return groups;
    }

    /** Finds the sizes of the axes of one group, of which one may be left open. */
    private static void measure(
            List<String> group, int size, Map<?, ?> lengths, Map<String, Integer> sizes, String pattern) {
        int known = 1;
        String open = null;
        for (String name : group) {
            if (lengths.get(name) instanceof Number n) {
                sizes.put(name, n.intValue());
                known *= n.intValue();
            } else if (open == null) open = name;
            else throw new IllegalArgumentException("rearrange: \"" + pattern + "\" needs the length of " + name);
        }
        if (open != null) sizes.put(open, known == 0 ? 0 : size / known);
        if (open == null ? known != size : known * Objects.requireNonNull(sizes.get(open)) != size)
            throw new IllegalArgumentException(
                    "rearrange: an axis of size " + size + " does not split into " + group + " in \"" + pattern + "\"");
    }
}

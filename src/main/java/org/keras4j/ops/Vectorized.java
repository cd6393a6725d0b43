package org.keras4j.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;

/** A function of small tensors, made one of tensors with more axes before, as {@code numpy.vectorize} does. */
final class Vectorized<R> implements Function<List<Tensor>, R> {
    private static final String GROUP = "\\((?:\\w+(?:,\\w+)*)?\\)";
    private static final Pattern SIGNATURE =
            Pattern.compile("(" + GROUP + "(?:," + GROUP + ")*)->" + GROUP + "(?:," + GROUP + ")*");

    private final Function<List<Tensor>, R> function;
    private final Set<Integer> excluded;
    /** The names of each argument's last axes; null says that arguments are numbers. */
    private final @Nullable List<List<String>> core;

    Vectorized(Function<List<Tensor>, R> function, Set<Integer> excluded, @Nullable String signature) {
        this.function = function;
        this.excluded = Set.copyOf(excluded);
        this.core = signature == null ? null : parse(signature.replace(" ", ""));
    }

    private static List<List<String>> parse(String signature) {
        if (!SIGNATURE.matcher(signature).matches())
            throw new IllegalArgumentException(
                    "vectorize: expected a signature such as \"(m,n),(n)->(m)\", got \"" + signature + "\"");
        String arguments = signature.substring(1, signature.indexOf("->") - 1);
        List<List<String>> groups = new ArrayList<>();
        for (String group : arguments.split("\\),\\(", -1))
            groups.add(group.isEmpty() ? List.of() : List.of(group.split(",", -1)));
        return groups;
    }

    @Override
    public R apply(List<Tensor> arguments) {
        List<Integer> mapped = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) if (!excluded.contains(i)) mapped.add(i);
        int[] ranks = ranks(arguments, mapped);
        Shape loop = Shape.SCALAR;
        for (int k = 0; k < ranks.length; k++) {
            Shape shape = arguments.get(mapped.get(k)).shape();
            loop = Arithmetic.broadcast(loop, shape.slice(0, shape.rank() - ranks[k]));
        }
        if (loop.rank() == 0) return function.apply(arguments);
        List<Tensor> rows = new ArrayList<>();
        for (int k = 0; k < ranks.length; k++) rows.add(rows(arguments.get(mapped.get(k)), loop, ranks[k]));
        R made = ControlFlow.map(
                "vectorize",
                (List<Tensor> step) -> {
                    List<Tensor> all = new ArrayList<>(arguments);
                    for (int k = 0; k < step.size(); k++) all.set(mapped.get(k), step.get(k));
                    return function.apply(all);
                },
                rows);
        List<Tensor> results = new ArrayList<>();
        for (Tensor t : Nest.tensors(made, "vectorize"))
            results.add(
                    Manipulation.reshape(t, loop.concat(t.shape().without(0)).dims()));
        return Nest.pack(made, results);
    }

    /** Returns how many of each argument's axes the function sees; axes of one name must have one size. */
    private int[] ranks(List<Tensor> arguments, List<Integer> mapped) {
        var ranks = new int[mapped.size()];
        if (core == null) return ranks;
        if (core.size() != ranks.length)
            throw new IllegalArgumentException(
                    "vectorize: the signature is of " + core.size() + " arguments, got " + ranks.length);
        Map<String, Integer> sizes = new HashMap<>();
        for (int k = 0; k < ranks.length; k++) {
            List<String> names = core.get(k);
            Shape shape = arguments.get(mapped.get(k)).shape();
            if (shape.rank() < names.size())
                throw new IllegalArgumentException("vectorize: expected argument " + mapped.get(k)
                        + " to have the axes " + names + ", got shape " + shape);
            for (int j = 0; j < names.size(); j++) {
                int size = shape.dim(j - names.size());
                Integer known = sizes.putIfAbsent(names.get(j), size);
                if (known != null && known != size)
                    throw new IllegalArgumentException("vectorize: axis " + names.get(j) + " has the size " + known
                            + " in one argument and " + size + " in another");
            }
            ranks[k] = names.size();
        }
        return ranks;
    }

    private static Tensor rows(Tensor x, Shape loop, int rank) {
        Shape last = x.shape().from(x.rank() - rank);
        Tensor whole = Arithmetic.broadcastTo(x, loop.concat(last));
        return Manipulation.reshape(whole, Shape.of(loop.size()).concat(last).dims());
    }
}

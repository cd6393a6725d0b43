package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens that a lookup knows, strings or whole numbers, each at a place of its own. */
final class Vocabulary {
    static final Vocabulary NONE = new Vocabulary(List.of());

    private final List<Object> tokens;
    private final Map<Object, Integer> places = new HashMap<>();

    /** Takes tokens without those for padding and for what is not known. */
    private Vocabulary(List<Object> tokens) {
        this.tokens = tokens;
        for (Object token : tokens) places.put(token, places.size());
    }

    /**
     * Takes what a program or a file gives, with or without the special tokens at its start.
     *
     * @param special the mask token and as many unknown tokens as there are places for them
     * @param forbidden what must not stand among the tokens
     */
    static Vocabulary of(List<?> given, List<? extends @Nullable Object> special, List<?> forbidden) {
        if (given.isEmpty()) throw new IllegalArgumentException("expected a vocabulary, got an empty one");
        List<?> rest = startsWith(given, special) ? given.subList(special.size(), given.size()) : given;
        Set<Object> seen = new LinkedHashSet<>();
        for (Object token : rest) {
            if (!seen.add(token))
                throw new IllegalArgumentException(
                        "vocabulary: expected different tokens, got \"" + token + "\" twice");
            if (forbidden.contains(token))
                throw new IllegalArgumentException("vocabulary: expected the special tokens " + special
                        + " in this order at its start or not at all, got \"" + token + "\" at place "
                        + given.indexOf(token));
        }
        return new Vocabulary(List.copyOf(seen));
    }

    /** Says whether {@code given} begins with all of {@code special}. */
    static boolean startsWith(List<?> given, List<? extends @Nullable Object> special) {
        if (given.size() < special.size()) return false;
        for (int i = 0; i < special.size(); i++) if (!Objects.equals(given.get(i), special.get(i))) return false;
        return true;
    }

    int size() {
        return tokens.size();
    }

    List<Object> tokens() {
        return tokens;
    }

    Object token(int place) {
        return tokens.get(place);
    }

    /** Returns the place of a token, or -1. */
    int place(Object token) {
        return places.getOrDefault(token, -1);
    }

    /** The tokens of a set of data, with how often each comes and in how many documents. */
    static final class Counts {
        private final Map<Object, Integer> counts = new HashMap<>();
        private final Map<Object, Integer> documents = new HashMap<>();
        private int documentCount;

        /** Counts the tokens of one document. */
        void add(List<?> document) {
            for (Object token : document) counts.merge(token, 1, Integer::sum);
            for (Object token : new LinkedHashSet<>(document)) documents.merge(token, 1, Integer::sum);
            documentCount++;
        }

        boolean isEmpty() {
            return counts.isEmpty();
        }

        /** Returns the most frequent tokens, at most {@code most}; of equally frequent ones the last in order first. */
        Vocabulary vocabulary(List<? extends @Nullable Object> without, int most) {
            List<Object> all = new ArrayList<>(counts.keySet());
            all.removeAll(without);
            all.sort((a, b) -> {
                int byCount = Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0));
                return byCount != 0 ? byCount : compare(b, a);
            });
            return new Vocabulary(List.copyOf(all.subList(0, Math.min(most, all.size()))));
        }

        /** Returns the inverse document frequency of each token, as Keras has it: log(1 + n / (1 + documents)). */
        double[] inverseDocumentFrequencies(Vocabulary vocabulary) {
            return vocabulary.tokens().stream()
                    .mapToDouble(t -> Math.log(1 + documentCount / (1.0 + documents.getOrDefault(t, 0))))
                    .toArray();
        }

        /** Strings are ordered as their UTF-8 bytes are, which is by code points. */
        private static int compare(Object a, Object b) {
            if (a instanceof Long x && b instanceof Long y) return Long.compare(x, y);
            int[] x = ((String) a).codePoints().toArray();
            int[] y = ((String) b).codePoints().toArray();
            return Arrays.compare(x, y);
        }
    }
}

package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a text becomes words.
 *
 * @param standardize Keras's name of what is done first or a program's for its function, null for nothing, empty for a
 *     function without a name
 * @param standard the program's function, null for Keras's own
 * @param split likewise for the splitting
 * @param splitter the program's function, null for Keras's own
 * @param most the longest n-gram where all up to it are wanted, as the config has it
 * @param sizes the lengths of n-grams; null for single words only
 */
record Tokenization(
        @Nullable String standardize,
        @Nullable UnaryOperator<String> standard,
        @Nullable String split,
        @Nullable Function<String, List<String>> splitter,
        @Nullable Integer most,
        @Nullable List<Integer> sizes) {

    static final Tokenization STANDARD =
            new Tokenization("lower_and_strip_punctuation", null, "whitespace", null, null, null);

    private static final String PUNCTUATION = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'";
    private static final String SPACES = " \t\n\u000b\f\r";

    Tokenization standardize(@Nullable String name, @Nullable UnaryOperator<String> function) {
        boolean known = name == null
                || function != null
                || List.of("lower_and_strip_punctuation", "lower", "strip_punctuation")
                        .contains(name);
        if (!known)
            throw new IllegalArgumentException("TextVectorization: standardize must be \"lower_and_strip_punctuation\","
                    + " \"lower\", \"strip_punctuation\", null or a registered name, got \"" + name + "\"");
        return new Tokenization(name, function, split, splitter, most, sizes);
    }

    Tokenization split(@Nullable String name, @Nullable Function<String, List<String>> function) {
        if (name != null && function == null && !name.equals("whitespace") && !name.equals("character"))
            throw new IllegalArgumentException("TextVectorization: split must be \"whitespace\", \"character\", null or"
                    + " a registered name, got \"" + name + "\"");
        return new Tokenization(standardize, standard, name, function, most, sizes);
    }

    Tokenization ngrams(@Nullable Integer longest, @Nullable List<Integer> lengths) {
        List<Integer> all = longest == null
                ? lengths
                : IntStream.rangeClosed(1, longest).boxed().toList();
        if (all == null || all.isEmpty() || all.stream().anyMatch(n -> n < 1))
            throw new IllegalArgumentException("TextVectorization: ngrams must be positive, got " + all);
        return new Tokenization(standardize, standard, split, splitter, longest, all);
    }

    boolean isSplit() {
        return split != null;
    }

    boolean joins() {
        return sizes != null;
    }

    /** Adds the words of one text. */
    void addTo(List<String> words, String text) {
        String plain = standardized(text);
        if (split == null) words.add(plain);
        else if (splitter != null) words.addAll(splitter.apply(plain));
        else if (split.equals("character")) plain.codePoints().forEach(c -> words.add(Character.toString(c)));
        else addUnspaced(words, plain);
    }

    private String standardized(String text) {
        if (standard != null) return standard.apply(text);
        if (standardize == null) return text;
        boolean lower = standardize.startsWith("lower");
        boolean strip = standardize.endsWith("strip_punctuation");
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (strip && PUNCTUATION.indexOf(c) >= 0) continue;
            plain.append(lower && c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
        }
        return plain.toString();
    }

    private static void addUnspaced(List<String> words, String text) {
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || SPACES.indexOf(text.charAt(i)) >= 0;
            if (!space && start < 0) start = i;
            if (!space || start < 0) continue;
            words.add(text.substring(start, i));
            start = -1;
        }
    }

    /** Returns the n-grams of words, all of one length before those of the next. */
    List<String> joined(List<String> words) {
        if (sizes == null) return words;
        List<String> grams = new ArrayList<>();
        for (int n : sizes)
            for (int i = 0; i + n <= words.size(); i++) grams.add(String.join(" ", words.subList(i, i + n)));
        return grams;
    }

    @Nullable
    Object standardizeConfig(String who) {
        return config(who, "standardize", standardize, standard != null);
    }

    @Nullable
    Object splitConfig(String who) {
        return config(who, "split", split, splitter != null);
    }

    private static @Nullable Object config(String who, String key, @Nullable String name, boolean isFunction) {
        if (!isFunction || name == null) return name;
        if (name.isEmpty())
            throw new IllegalStateException(who + ": " + key + " is a function without a name, which cannot be saved;"
                    + " register it and give its name");
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("module", "builtins");
        function.put("class_name", "function");
        function.put("config", name);
        function.put("registered_name", "function");
        return function;
    }

    /** Returns Keras's value: the longest where all up to it are wanted, or the lengths. */
    @Nullable
    Object ngramsConfig() {
        return most == null ? sizes : most;
    }
}

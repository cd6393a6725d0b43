package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/**
 * Replaces strings by their places in a vocabulary, or the other way round. Unknown strings get place 0, or 1 where 0
 * is that of the mask token.
 */
public final class StringLookup extends BaseIndexLookup<String, StringLookup> {
    private String encoding = "utf-8";

    public StringLookup() {
        oov("[UNK]");
    }

    /** Takes the strings that are known, most frequent first. */
    public StringLookup(List<String> vocabulary) {
        this();
        tokens(vocabulary);
    }

    static StringLookup fromConfig(ConfigReader config) {
        return new StringLookup().read(config).encoding(config.string("encoding", "utf-8"));
    }

    /** Sets the strings that are known, most frequent first; {@link #adapt} finds them in data otherwise. */
    public StringLookup vocabulary(List<String> vocabulary) {
        return tokens(vocabulary);
    }

    /** Sets the string that stands for padding; null for none. */
    public StringLookup maskToken(@Nullable String token) {
        return mask(token);
    }

    /** Sets what unknown places become when {@link #invert(boolean)} is set; "[UNK]" if not set. */
    public StringLookup oovToken(@Nullable String token) {
        return oov(token);
    }

    /** Is kept for Keras's files only; Java's strings need no decoding. */
    public StringLookup encoding(String encoding) {
        this.encoding = encoding;
        return this;
    }

    /**
     * Makes a vocabulary of the strings in the data, the most frequent first.
     *
     * @param data a {@link StringArray} or a (nested) Java array of strings; the first axis is the samples
     */
    public StringLookup adapt(Object data) {
        adaptTo(documents(StringArray.of(data)));
        return this;
    }

    /** Returns the strings at these places, where {@link #invert(boolean)} is set. */
    public StringArray strings(Tensor places) {
        if (!(applyTo(Call.of(places)) instanceof StringArray strings))
            throw new IllegalStateException(describe() + " gives places; set invert to get strings");
        return strings;
    }

    @Override
    @Nullable
    String token(Object value) {
        return value instanceof String s ? s : null;
    }

    @Override
    boolean isWhole() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.remove("vocabulary_dtype");
        config.put("encoding", encoding);
        return config;
    }
}

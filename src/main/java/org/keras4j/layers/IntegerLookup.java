package org.keras4j.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigReader;

/**
 * Replaces whole numbers by their places in a vocabulary, or the other way round. Unknown numbers get place 0, or 1
 * where 0 is that of the mask token.
 */
public final class IntegerLookup extends BaseIndexLookup<Long, IntegerLookup> {
    public IntegerLookup() {
        oov(-1L);
    }

    /** Takes the numbers that are known, most frequent first. */
    public IntegerLookup(List<? extends Number> vocabulary) {
        this();
        vocabulary(vocabulary);
    }

    static IntegerLookup fromConfig(ConfigReader config) {
        return new IntegerLookup().read(config);
    }

    /** Sets the numbers that are known, most frequent first; {@link #adapt} finds them in data otherwise. */
    public IntegerLookup vocabulary(List<? extends Number> vocabulary) {
        return tokens(vocabulary.stream().map(Number::longValue).toList());
    }

    /** Sets the number that stands for padding; null for none. */
    public IntegerLookup maskToken(@Nullable Number token) {
        return mask(token == null ? null : (Long) token.longValue());
    }

    /** Sets what unknown places become when {@link #invert(boolean)} is set; -1 if not set. */
    public IntegerLookup oovToken(long token) {
        return oov(token);
    }

    /** Checks Keras's name of the vocabulary's dtype, of which there is one: "int64". */
    public IntegerLookup vocabularyDtype(String dtype) {
        if (!dtype.equals("int64"))
            throw new IllegalArgumentException(
                    "IntegerLookup: vocabulary_dtype must be \"int64\", got \"" + dtype + "\"");
        return this;
    }

    /**
     * Makes a vocabulary of the numbers in the data, the most frequent first.
     *
     * @param data an {@link NDArray}, a Tensor or a (nested) Java array; the first axis is the samples
     */
    public IntegerLookup adapt(Object data) {
        Tensor x = data instanceof Tensor t ? t : Tensor.of(data instanceof NDArray a ? a : NDArray.of(data));
        adaptTo(documents(x));
        return this;
    }

    @Override
    @Nullable
    Long token(Object value) {
        if (value instanceof Number n) return n.longValue();
        if (!(value instanceof String line) || !line.strip().matches("[+-]?\\d{1,18}")) return null;
        return Long.valueOf(line.strip());
    }

    @Override
    boolean isWhole() {
        return true;
    }
}

package org.keras4j.layers;

import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.ConfigReader;

/** The lookup that Keras's others are made of, as configs may name it; its tokens are strings or whole numbers. */
final class IndexLookup extends BaseIndexLookup<Object, IndexLookup> {
    private final boolean whole;

    private IndexLookup(boolean whole) {
        this.whole = whole;
    }

    static IndexLookup fromConfig(ConfigReader config) {
        String dtype = config.string("vocabulary_dtype", "string");
        if (!dtype.equals("string") && !dtype.equals("int64") && !dtype.equals("int32"))
            throw config.wrong("vocabulary_dtype", "\"string\" or \"int64\"", dtype);
        return new IndexLookup(!dtype.equals("string")).read(config);
    }

    @Override
    public String module() {
        return "keras.src.layers.preprocessing.index_lookup";
    }

    @Override
    @Nullable
    Object token(Object value) {
        return whole ? new IntegerLookup().token(value) : value instanceof String ? value : null;
    }

    @Override
    boolean isWhole() {
        return whole;
    }
}

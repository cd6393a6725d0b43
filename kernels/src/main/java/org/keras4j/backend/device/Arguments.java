package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;

/** Arguments of a kernel, one after the other. */
final class Arguments {
    private final List<Argument> list = new ArrayList<>();

    Arguments add(Argument argument) {
        list.add(argument);
        return this;
    }

    Arguments add(int... values) {
        for (int value : values) list.add(Argument.of(value));
        return this;
    }

    /** Adds what {@code DIVISOR} wants. */
    Arguments divisor(int value) {
        list.addAll(Divisor.of(value).arguments());
        return this;
    }

    /** Returns the same arguments, to add others. */
    Arguments copy() {
        var copy = new Arguments();
        copy.list.addAll(list);
        return copy;
    }

    Argument[] toArray() {
        return list.toArray(Argument[]::new);
    }
}

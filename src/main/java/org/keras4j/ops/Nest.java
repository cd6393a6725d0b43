package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.utils.Tree;

/** A tensor, or lists and maps of tensors, as functions take and give them. */
final class Nest {
    private Nest() {}

    /** Returns the tensors of a nest in order; none for null. */
    static List<Tensor> tensors(@Nullable Object nest, String operation) {
        List<Tensor> tensors = new ArrayList<>();
        Tree.forEach(nest, leaf -> {
            if (leaf == null) return;
            if (!(leaf instanceof Tensor t))
                throw new IllegalArgumentException(
                        operation + ": expected a Tensor, or lists and maps of Tensors, got a "
                                + leaf.getClass().getSimpleName());
            tensors.add(t);
        });
        return tensors;
    }

    /** Returns a nest like {@code like} of other tensors. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the same structure with leaves of the same class
    static <T extends @Nullable Object> T pack(T like, List<Tensor> tensors) {
        Iterator<Tensor> next = tensors.iterator();
        return (T) Tree.map(like, leaf -> leaf == null ? null : next.next());
    }
}

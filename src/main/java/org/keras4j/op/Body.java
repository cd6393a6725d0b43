package org.keras4j.op;

import java.util.List;

/** A graph inside an operation, such as one step of a {@link Op.Scan}. Compared by identity. */
public interface Body {
    List<Spec> inputs();

    List<Spec> outputs();
}

package org.keras4j.op;

/** A place outside the graph whose value a graph may read and replace. Compared by identity. */
public interface State {
    String name();

    Spec spec();
}

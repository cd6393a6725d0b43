package org.keras4j.cli.conformance;

/** A case gives something else than real Keras gave; the message says what was expected and what came. */
final class MismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MismatchException(String message) {
        super(message);
    }
}

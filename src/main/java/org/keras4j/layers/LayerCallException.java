package org.keras4j.layers;

import org.jspecify.annotations.Nullable;

/** An argument that does not fit, whose message already names the innermost layer concerned. */
final class LayerCallException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    LayerCallException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

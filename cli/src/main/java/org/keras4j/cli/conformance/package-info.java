/** Replays cases recorded from real Keras and says which give the same. */
@NullMarked
package org.keras4j.cli.conformance;

import org.jspecify.annotations.NullMarked;

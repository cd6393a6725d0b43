/** Small things that the other packages share, as {@code keras.utils} and {@code keras.tree} do. */
@NullMarked
package org.keras4j.utils;

import org.jspecify.annotations.NullMarked;

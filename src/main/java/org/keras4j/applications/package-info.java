/** Well-known image networks by name, as {@code keras.applications}: built from options, with or without weights. */
@NullMarked
package org.keras4j.applications;

import org.jspecify.annotations.NullMarked;

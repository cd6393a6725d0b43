/** What a device must do, and how one is chosen. A backend never sees a layer. */
@NullMarked
package org.keras4j.backend;

import org.jspecify.annotations.NullMarked;

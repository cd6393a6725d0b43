/** The backend that every other one is tested against: plain loops over Java arrays, accumulating in double or long. */
@NullMarked
package org.keras4j.backend.reference;

import org.jspecify.annotations.NullMarked;

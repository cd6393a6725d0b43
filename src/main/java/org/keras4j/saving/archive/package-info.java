/** The containers and text formats around weights: zip, JSON, NPZ, and files written all or nothing. */
@NullMarked
package org.keras4j.saving.archive;

import org.jspecify.annotations.NullMarked;

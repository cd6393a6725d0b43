package org.keras4j.ops;

import org.jspecify.annotations.Nullable;

/**
 * What one step of {@link K#scan} gives, and what the loop gives.
 *
 * @param carry what a step carries on to the next one, in the end what the last one did
 * @param outputs what the step gives, in the end that of all steps, stacked on axis 0
 */
public record ScanResult<C, Y extends @Nullable Object>(C carry, Y outputs) {}

/** The kernel laboratory: variants that are validated, then timed; only winners enter a backend. */
@NullMarked
package org.keras4j.perf.lab;

import org.jspecify.annotations.NullMarked;

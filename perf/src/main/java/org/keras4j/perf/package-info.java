/** The profiling and benchmark program behind {@code perf/run}. */
@NullMarked
package org.keras4j.perf;

import org.jspecify.annotations.NullMarked;

/** The operations of a graph as plain values: records, enums and shape rules, nothing that runs. */
@NullMarked
package org.keras4j.op;

import org.jspecify.annotations.NullMarked;

/** The program behind the launcher script: demo, train, summary, predict, devices and conformance. */
@NullMarked
package org.keras4j.cli;

import org.jspecify.annotations.NullMarked;

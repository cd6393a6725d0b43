/** Models, and how they are trained, evaluated and used. */
@NullMarked
package org.keras4j.models;

import org.jspecify.annotations.NullMarked;

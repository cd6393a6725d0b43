/** What TensorFlow's Keras put into files and Keras 3 does not know: functions of TensorFlow as layers. */
@NullMarked
package org.keras4j.saving.tensorflow;

import org.jspecify.annotations.NullMarked;

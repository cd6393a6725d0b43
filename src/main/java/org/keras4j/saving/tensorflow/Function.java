package org.keras4j.saving.tensorflow;

/** What a function of TensorFlow is in operations of Keras. */
@FunctionalInterface
interface Function {
    /** Returns a tensor, a size, a vector of sizes or a number, or a list of such where the function gives several. */
    Object apply(FunctionArguments arguments, Emitter emitter);
}

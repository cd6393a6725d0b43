package org.keras4j.ops;

import java.util.List;
import java.util.function.Function;
import org.keras4j.graph.Tensor;

/**
 * What the function of {@link K#customGradient} gives.
 *
 * @param output the result
 * @param gradient from the gradient of the result to one for each argument
 */
public record WithGradient(Tensor output, Function<Tensor, List<Tensor>> gradient) {}

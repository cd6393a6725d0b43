package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;

/**
 * The shapes of the weights of {@link EinsumDense}.
 *
 * @param inputAxes the kernel's axes that are summed over
 * @param outputAxes the kernel's axes that appear in the output
 */
record EinsumShapes(Shape kernel, @Nullable Shape bias, int[] inputAxes, int[] outputAxes) {
    private static final Pattern FORM =
            Pattern.compile("(\\.\\.\\.)?([a-zA-Z]+)(\\.\\.\\.)?,([a-zA-Z]+)->(\\.\\.\\.)?([a-zA-Z]+)(\\.\\.\\.)?");

    /** Finds the shapes from the equation, the input's shape and the sizes of the output that were given. */
    static EinsumShapes of(String equation, @Nullable String biasAxes, Shape input, Shape partialOutput) {
        Matcher form = FORM.matcher(equation.replace(" ", ""));
        boolean fits = form.matches()
                && (form.group(1) == null) == (form.group(5) == null)
                && (form.group(3) == null) == (form.group(7) == null)
                && (form.group(1) == null || form.group(3) == null);
        if (!fits)
            throw new IllegalArgumentException("equation must have the form [X],[Y]->[Z], ...[X],[Y]->...[Z] or"
                    + " [X]...,[Y]->[Z]..., got \"" + equation + "\"");
        boolean left = form.group(1) != null;
        String in = form.group(2);
        String weight = form.group(4);
        String out = form.group(6);
        int elided = input.rank() - in.length();
        if (elided < 0 || (elided > 0 && !left && form.group(3) == null))
            throw new IllegalArgumentException("equation \"" + equation + "\" does not fit input of shape " + input);
        Shape output = Shape.of(input.dim(0)).concat(partialOutput);
        if (elided > 0 && left) output = input.slice(0, elided).concat(partialOutput);
        else if (elided > 0) output = output.concat(input.from(input.rank() - elided));
        Map<Character, Integer> inputSizes = sizes(in, input, left ? elided : 0, equation);
        Map<Character, Integer> outputSizes = sizes(out, output, left ? elided : 0, equation);
        check(equation, in, weight, out, inputSizes, outputSizes);
        Shape kernel = kernelShape(equation, weight, inputSizes, outputSizes);
        Shape bias = biasAxes == null ? null : biasShape(equation, biasAxes, out, outputSizes, left ? 0 : elided);
        return new EinsumShapes(
                kernel,
                bias,
                places(weight, label -> !outputSizes.containsKey(label)),
                places(weight, outputSizes::containsKey));
    }

    private static Map<Character, Integer> sizes(String labels, Shape shape, int from, String equation) {
        if (from + labels.length() > shape.rank())
            throw new IllegalArgumentException(
                    "equation \"" + equation + "\": \"" + labels + "\" does not fit the shape " + shape);
        Map<Character, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < labels.length(); i++) sizes.put(labels.charAt(i), shape.dim(from + i));
        return sizes;
    }

    private static void check(
            String equation,
            String in,
            String weight,
            String out,
            Map<Character, Integer> inputSizes,
            Map<Character, Integer> outputSizes) {
        inputSizes.forEach((label, size) -> {
            Integer given = outputSizes.get(label);
            if (given != null && given != Shape.UNKNOWN && !given.equals(size))
                throw new IllegalArgumentException("equation \"" + equation + "\": \"" + label + "\" is " + size
                        + " in the input and " + given + " in output_shape");
        });
        for (char label : out.toCharArray())
            if (in.indexOf(label) < 0 && weight.indexOf(label) < 0)
                throw new IllegalArgumentException(
                        "equation \"" + equation + "\": \"" + label + "\" of the output comes from nowhere");
    }

    private static Shape kernelShape(
            String equation, String weight, Map<Character, Integer> inputs, Map<Character, Integer> outputs) {
        var dims = new int[weight.length()];
        for (int i = 0; i < dims.length; i++) {
            Integer size = outputs.get(weight.charAt(i));
            if (size == null || size == Shape.UNKNOWN) size = inputs.getOrDefault(weight.charAt(i), size);
            if (size == null || size == Shape.UNKNOWN)
                throw new IllegalArgumentException("equation \"" + equation + "\": the size of \"" + weight.charAt(i)
                        + "\" of the kernel is not known from input or output_shape");
            dims[i] = size;
        }
        return Shape.of(dims);
    }

    private static Shape biasShape(
            String equation, String biasAxes, String out, Map<Character, Integer> sizes, int elidedAfter) {
        int first = out.length();
        for (char label : biasAxes.toCharArray()) {
            if (out.indexOf(label) < 0)
                throw new IllegalArgumentException(
                        "equation \"" + equation + "\": bias axis \"" + label + "\" is not in the output");
            first = Math.min(first, out.indexOf(label));
        }
        var dims = new int[out.length() - first + elidedAfter];
        for (int i = 0; i < dims.length; i++) {
            char label = first + i < out.length() ? out.charAt(first + i) : ' ';
            dims[i] = biasAxes.indexOf(label) >= 0 ? Objects.requireNonNull(sizes.get(label)) : 1;
        }
        return Shape.of(dims);
    }

    private static int[] places(String labels, Predicate<Character> test) {
        return IntStream.range(0, labels.length())
                .filter(i -> test.test(labels.charAt(i)))
                .toArray();
    }
}

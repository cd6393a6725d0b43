package org.keras4j.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/**
 * Einstein summation: pairs of operands become batched matrix products, from left to right. Labels are letters; what
 * {@code ...} stands for gets labels of its own, counted down from 255.
 */
final class Einsum {
    private static final char ELLIPSIS = 255;

    /** A tensor and the label of each of its axes. */
    private record Term(Tensor tensor, String labels) {}

    private Einsum() {}

    static Tensor einsum(String subscripts, List<Tensor> operands) {
        String text = subscripts.replace(" ", "");
        int arrow = text.indexOf("->");
        String[] inputs = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        if (inputs.length != operands.size())
            throw new IllegalArgumentException(
                    "einsum \"" + subscripts + "\": expected " + inputs.length + " operands, got " + operands.size());
        List<Tensor> values = promoted(operands);
        List<Term> terms = new ArrayList<>();
        var written = new StringBuilder();
        int widest = 0;
        for (int i = 0; i < inputs.length; i++) {
            int dots = inputs[i].contains("...") ? values.get(i).rank() - (inputs[i].length() - 3) : 0;
            widest = Math.max(widest, dots);
            String labels = inputs[i].replace("...", dots < 0 ? "" : hidden(dots));
            if (labels.length() != values.get(i).rank())
                throw new IllegalArgumentException("einsum \"" + subscripts + "\": \"" + inputs[i] + "\" does not fit "
                        + values.get(i).shape());
            written.append(labels);
            terms.add(diagonal(values.get(i), labels));
        }
        String output = arrow < 0
                ? implicitOutput(written.toString(), hidden(widest))
                : text.substring(arrow + 2).replace("...", hidden(widest));
        Map<Character, Integer> sizes = sizes(subscripts, terms, output);
        Term product = reduce(terms.getFirst(), needed(terms, 1, output));
        for (int i = 1; i < terms.size(); i++) {
            String rest = needed(terms, i + 1, output);
            product = contract(product, reduce(terms.get(i), rest + product.labels), rest);
        }
        return arrange(product, output, sizes);
    }

    private static List<Tensor> promoted(List<Tensor> operands) {
        DType dtype = DTypes.ofProducts(operands.stream().map(Tensor::dtype).toArray(DType[]::new));
        return operands.stream().map(x -> Primitives.cast(x, dtype)).toList();
    }

    private static String hidden(int count) {
        var labels = new StringBuilder();
        for (int i = count - 1; i >= 0; i--) labels.append((char) (ELLIPSIS - i));
        return labels.toString();
    }

    /** The labels that come once in all inputs, sorted: also "ii" has none of its own. */
    private static String implicitOutput(String written, String dots) {
        var counts = new TreeMap<Character, Integer>();
        for (char c : written.toCharArray()) if (dots.indexOf(c) < 0) counts.merge(c, 1, Integer::sum);
        var out = new StringBuilder(dots);
        counts.forEach((label, n) -> {
            if (n == 1) out.append((char) label);
        });
        return out.toString();
    }

    private static Map<Character, Integer> sizes(String subscripts, List<Term> terms, String output) {
        Map<Character, Integer> sizes = new LinkedHashMap<>();
        for (Term t : terms)
            for (int i = 0; i < t.labels.length(); i++) {
                int n = t.tensor.shape().dim(i);
                Integer known = sizes.putIfAbsent(t.labels.charAt(i), n);
                if (known == null || known == n) continue;
                if (known != 1 && n != 1)
                    throw new IllegalArgumentException("einsum \"" + subscripts + "\": \"" + t.labels.charAt(i)
                            + "\" has sizes " + known + " and " + n);
                sizes.put(t.labels.charAt(i), Math.max(known, n));
            }
        for (char c : output.toCharArray())
            if (!sizes.containsKey(c))
                throw new IllegalArgumentException("einsum \"" + subscripts + "\": \"" + c + "\" is in no input");
        return sizes;
    }

    /** Returns all labels that are in the terms from {@code from} on or in the output. */
    private static String needed(List<Term> terms, int from, String output) {
        var all = new StringBuilder(output);
        for (int i = from; i < terms.size(); i++) all.append(terms.get(i).labels);
        return all.toString();
    }

    /** Where a label comes twice in one term, takes the diagonal of its two axes. */
    private static Term diagonal(Tensor x, String labels) {
        for (int i = 0; i < labels.length(); i++) {
            int j = labels.indexOf(labels.charAt(i), i + 1);
            if (j < 0) continue;
            Tensor y = LinearAlgebra.diagonal(x, 0, i, j);
            var rest = new StringBuilder(labels).deleteCharAt(j).deleteCharAt(i).append(labels.charAt(i));
            return diagonal(y, rest.toString());
        }
        return new Term(x, labels);
    }

    /** Sums over the labels that nobody else needs. */
    private static Term reduce(Term t, String needed) {
        var kept = new StringBuilder();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < t.labels.length(); i++) {
            if (needed.indexOf(t.labels.charAt(i)) >= 0) kept.append(t.labels.charAt(i));
            else axes.add(i);
        }
        if (axes.isEmpty()) return t;
        return new Term(Reductions.sum(t.tensor, Contractions.ints(axes), false), kept.toString());
    }

    private static Term contract(Term a, Term b, String needed) {
        var batch = new StringBuilder();
        var summed = new StringBuilder();
        var free = new StringBuilder();
        for (int i = 0; i < a.labels.length(); i++) {
            char c = a.labels.charAt(i);
            int j = b.labels.indexOf(c);
            if (j < 0) free.append(c);
            else if (a.tensor.shape().dim(i) != b.tensor.shape().dim(j))
                return contract(widen(a, b, c), widen(b, a, c), needed);
            else if (needed.indexOf(c) >= 0) batch.append(c);
            else summed.append(c);
        }
        var other = new StringBuilder();
        for (char c : b.labels.toCharArray()) if (a.labels.indexOf(c) < 0) other.append(c);
        Tensor y = Contractions.contract(
                a.tensor,
                places(a, batch),
                places(a, free),
                places(a, summed),
                b.tensor,
                places(b, batch),
                places(b, other),
                places(b, summed));
        return new Term(y, batch.toString() + free + other);
    }

    /** Repeats the axis {@code label} of {@code t} if it has size 1. */
    private static Term widen(Term t, Term other, char label) {
        int axis = t.labels.indexOf(label);
        int n = Math.max(t.tensor.shape().dim(axis), other.tensor.shape().dim(other.labels.indexOf(label)));
        return new Term(Primitives.broadcast(t.tensor, t.tensor.shape().with(axis, n)), t.labels);
    }

    private static int[] places(Term t, CharSequence labels) {
        return labels.chars().map(t.labels::indexOf).toArray();
    }

    private static Tensor arrange(Term t, String output, Map<Character, Integer> sizes) {
        Tensor y = Primitives.transpose(t.tensor, places(t, output));
        Shape shape = y.shape();
        for (int i = 0; i < output.length(); i++)
            shape = shape.with(i, Objects.requireNonNull(sizes.get(output.charAt(i))));
        return Primitives.broadcast(y, shape);
    }
}

package org.keras4j.saving.archive;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON character for character as Python's {@code json.dumps} does, ASCII only. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();
    private final int indent;
    private int depth;

    JsonText(int indent) {
        this.indent = indent;
    }

    JsonText append(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map);
            case Iterable<?> list -> array(list.iterator());
            case CharSequence text -> string(text);
            case Boolean bool -> out.append(bool);
            case Double number -> out.append(number(number));
            // the shortest decimal of the float is what its author wrote; its double has a tail of digits
            case Float number -> out.append(number(Double.parseDouble(number.toString())));
            case Long number -> out.append(number);
            case Integer number -> out.append(number);
            case Short number -> out.append(number);
            case Byte number -> out.append(number);
            case BigInteger number -> out.append(number);
            case int[] numbers -> array(Arrays.stream(numbers).iterator());
            case long[] numbers -> array(Arrays.stream(numbers).iterator());
            case double[] numbers -> array(Arrays.stream(numbers).iterator());
            case float[] numbers -> floats(numbers);
            case Object[] values -> array(Arrays.asList(values).iterator());
            default ->
                throw new IllegalArgumentException(
                        "Expected a map, list, string, number, boolean or null to write as JSON, got "
                                + value.getClass().getName());
        }
        return this;
    }

    private void floats(float[] numbers) {
        List<Float> boxed = new ArrayList<>(numbers.length);
        for (float number : numbers) boxed.add(number);
        array(boxed.iterator());
    }

    private void object(Map<?, ?> map) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        open('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            separate(first);
            first = false;
            string(String.valueOf(entry.getKey()));
            out.append(": ");
            append(entry.getValue());
        }
        close('}');
    }

    private void array(Iterator<?> values) {
        if (!values.hasNext()) {
            out.append("[]");
            return;
        }
        open('[');
        boolean first = true;
        while (values.hasNext()) {
            separate(first);
            first = false;
            append(values.next());
        }
        close(']');
    }

    private void open(char bracket) {
        out.append(bracket);
        depth++;
    }

    private void separate(boolean first) {
        if (!first) out.append(indent > 0 ? "," : ", ");
        newLine();
    }

    private void close(char bracket) {
        depth--;
        newLine();
        out.append(bracket);
    }

    private void newLine() {
        if (indent > 0) out.append('\n').repeat(' ', indent * depth);
    }

    private void string(CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c >= ' ' && c <= '~') out.append(c);
                    else out.append(String.format("\\u%04x", (int) c));
                }
            }
        }
        out.append('"');
    }

    /** Returns the shortest digits that mean {@code value}, with an exponent below 1e-4 and from 1e16 on. */
    static String number(double value) {
        if (Double.isNaN(value)) return "NaN";
        if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        if (value == 0) return sign + "0.0";
        BigDecimal decimal = shortest(Math.abs(value));
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
            return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
        }
        String plain = decimal.toPlainString();
        return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }

    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        // Java never looks for less than two digits: 4.9E-324 where one would do
        BigDecimal oneDigit = decimal.round(new MathContext(1));
        return oneDigit.doubleValue() == value ? oneDigit : decimal;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

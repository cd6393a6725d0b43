package org.keras4j.saving.archive;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keras4j.saving.ElementType;
import org.keras4j.saving.HostArray;
import org.keras4j.saving.KerasFileException;

/** The Python dictionary at the start of a {@code .npy} array. */
final class NpyHeader {
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]{1,16})['\"]");
    private static final Pattern FORTRAN = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    private final ElementType type;
    private final ByteOrder order;
    private final boolean fortranOrder;
    private final int[] shape;

    NpyHeader(ElementType type, ByteOrder order, boolean fortranOrder, int[] shape) {
        this.type = type;
        this.order = order;
        this.fortranOrder = fortranOrder;
        this.shape = shape.clone();
    }

    static NpyHeader parse(String text, String file, String place) {
        String descr = find(DESCR, text);
        String fortran = find(FORTRAN, text);
        String shape = find(SHAPE, text);
        if (descr == null || fortran == null || shape == null)
            throw new KerasFileException(
                    file, place, "expected a header with descr (a plain type), fortran_order and shape, got " + text.strip());
        ElementType type = typeOf(descr);
        if (type == null) throw new KerasFileException(file, place, "expected numbers or booleans, got dtype '" + descr + "'");
        ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(type, order, fortran.equals("True"), dims(shape, file, place));
    }

    private static @Nullable String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static int[] dims(String text, String file, String place) {
        List<Integer> dims = new ArrayList<>();
        for (String part : text.split(",")) {
            String digits = part.strip().replace("L", "");
            if (digits.isEmpty()) continue;
            try {
                dims.add(Integer.parseInt(digits));
            } catch (NumberFormatException e) {
                throw new KerasFileException(file, place, "expected axes up to 2^31, got shape (" + text + ")", e);
            }
        }
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    private static @Nullable ElementType typeOf(String descr) {
        return switch (descr.substring("<>|=".indexOf(descr.charAt(0)) >= 0 ? 1 : 0)) {
            case "b1", "?" -> ElementType.BOOL;
            case "i1" -> ElementType.INT8;
            case "u1" -> ElementType.UINT8;
            case "i2" -> ElementType.INT16;
            case "u2" -> ElementType.UINT16;
            case "i4" -> ElementType.INT32;
            case "u4" -> ElementType.UINT32;
            case "i8" -> ElementType.INT64;
            case "u8" -> ElementType.UINT64;
            case "f2" -> ElementType.FLOAT16;
            // what NumPy makes of an extension type it does not know
            case "V2" -> ElementType.BFLOAT16;
            case "f4" -> ElementType.FLOAT32;
            case "f8" -> ElementType.FLOAT64;
            default -> null;
        };
    }

    private static String descrOf(ElementType type) {
        return switch (type) {
            case BOOL -> "|b1";
            case INT8 -> "|i1";
            case UINT8 -> "|u1";
            case INT16 -> "<i2";
            case UINT16 -> "<u2";
            case INT32 -> "<i4";
            case UINT32 -> "<u4";
            case INT64 -> "<i8";
            case UINT64 -> "<u8";
            case FLOAT16 -> "<f2";
            case BFLOAT16 -> "|V2";
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
        };
    }

    ElementType type() {
        return type;
    }

    ByteOrder order() {
        return order;
    }

    boolean fortranOrder() {
        return fortranOrder;
    }

    int[] shape() {
        return shape.clone();
    }

    /** Returns the number of elements, which must fit a Java array and the heap. */
    int count(String file, String place) {
        long count;
        try {
            count = HostArray.sizeOf(shape);
        } catch (ArithmeticException e) {
            count = Long.MAX_VALUE;
        }
        if (count > Integer.MAX_VALUE - 8)
            throw new KerasFileException(file, place, "expected up to 2^31 elements, got " + this);
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (count * type.bytes() > free)
            throw new KerasFileException(
                    file, place, "needs " + count * type.bytes() + " bytes, the Java heap has " + free + " left; raise -Xmx");
        return (int) count;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{'descr': '" + descrOf(type) + "', 'fortran_order': "
                + (fortranOrder ? "True" : "False") + ", 'shape': (");
        for (int i = 0; i < shape.length; i++) text.append(i == 0 ? "" : " ").append(shape[i]).append(',');
        if (shape.length > 1) text.setLength(text.length() - 1);
        return text.append("), }").toString();
    }
}

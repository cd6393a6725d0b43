package org.keras4j.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickles in which Keras's data sets are kept: numbers, strings, lists, dictionaries and NumPy arrays.
 * Nothing in a file is run, and any other class is an error.
 *
 * <p>The opcodes are described in Python's module {@code pickletools}.
 */
final class Pickle {
    private static final Object MARK = new Object();

    /** A class that a file may name. */
    private enum Known {
        NDARRAY,
        DTYPE,
        RECONSTRUCT
    }

    /** A NumPy array: its shape, and bytes of numbers or a list of objects. */
    static final class Array {
        List<?> shape = List.of();
        String dtype = "";
        Object data = List.of();

        /** Returns the bytes of an array of uint8. */
        byte[] bytes() {
            if (data instanceof byte[] b && (dtype.equals("u1") || dtype.equals("|u1"))) return b;
            throw refuse("expected an array of uint8, got NumPy type \"" + dtype + "\"");
        }
    }

    /** A list, kept as an array as long as it holds ints only: IMDB has 12 million of them. */
    private static final class Numbers extends AbstractList<@Nullable Object> {
        private int[] ints = new int[8];
        private int count;
        private @Nullable List<@Nullable Object> others;

        @Override
        public void add(int index, @Nullable Object item) {
            if (others == null && index == count && item instanceof Integer i) {
                if (count == ints.length) ints = Arrays.copyOf(ints, 2 * count);
                ints[count++] = i;
                return;
            }
            if (others == null) {
                others = new ArrayList<>();
                for (int i = 0; i < count; i++) others.add(ints[i]);
            }
            others.add(index, item);
        }

        @Override
        public @Nullable Object get(int index) {
            if (others != null) return others.get(index);
            return ints[Objects.checkIndex(index, count)];
        }

        @Override
        public int size() {
            return others != null ? others.size() : count;
        }
    }

    private static final class DType {
        final String name;

        DType(String name) {
            this.name = name;
        }
    }

    private final ByteBuffer in;
    private final ArrayList<@Nullable Object> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memo = new HashMap<>();

    private Pickle(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads one object: a Long or Integer, Double, Boolean, String, byte[], List, Map, or {@link Array}. */
    static Object read(ByteBuffer in) throws IOException {
        try {
            return Objects.requireNonNull(new Pickle(in).run());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (BufferUnderflowException e) {
            throw new EOFException("the pickle ends too early");
        } catch (ClassCastException | IndexOutOfBoundsException | NullPointerException | IllegalArgumentException e) {
            throw new IOException("the pickle is damaged: " + e, e);
        }
    }

    private static UncheckedIOException refuse(String message) {
        return new UncheckedIOException(new IOException(message));
    }

    private @Nullable Object run() {
        while (true) {
            int op = in.get() & 0xff;
            if (op == '.') return pop();
            if (!number(op) && !text(op) && !container(op) && !memory(op) && !object(op))
                throw refuse("the pickle has the operation " + op + ", which data sets do not need");
        }
    }

    private boolean number(int op) {
        switch (op) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'I' -> {
                String line = line();
                push(line.equals("01") ? true : line.equals("00") ? (Object) false : Long.valueOf(line));
            }
            case 'L' -> push(Long.valueOf(line().replace("L", "")));
            case 'J' -> push(in.getInt());
            case 'K' -> push(in.get() & 0xff);
            case 'M' -> push(in.getShort() & 0xffff);
            case 0x8a -> {
                byte[] bytes = bytes(in.get() & 0xff);
                push(bytes.length == 0 ? 0L : new BigInteger(reversed(bytes)).longValueExact());
            }
            case 'G' -> push(in.order(ByteOrder.BIG_ENDIAN).getDouble());
            default -> {
                return false;
            }
        }
        in.order(ByteOrder.LITTLE_ENDIAN);
        return true;
    }

    private boolean text(int op) {
        switch (op) {
            case 'U' -> push(latin(in.get() & 0xff));
            case 'T' -> push(latin(in.getInt()));
            case 'X' -> push(new String(bytes(in.getInt()), StandardCharsets.UTF_8));
            case 0x8c -> push(new String(bytes(in.get() & 0xff), StandardCharsets.UTF_8));
            case 'C' -> push(bytes(in.get() & 0xff));
            case 'B' -> push(bytes(in.getInt()));
            case 0x8e -> push(bytes(Math.toIntExact(in.getLong())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int op) {
        switch (op) {
            case '(' -> push(MARK);
            case '0' -> pop();
            case ']' -> push(new Numbers());
            case ')' -> push(List.of());
            case '}' -> push(new LinkedHashMap<>());
            case 'l', 't' -> push(marked());
            case 0x85 -> push(last(1));
            case 0x86 -> push(last(2));
            case 0x87 -> push(last(3));
            case 'a' -> {
                Object item = pop();
                list().add(item);
            }
            case 'e' -> {
                List<@Nullable Object> items = marked();
                list().addAll(items);
            }
            case 'd' -> {
                List<@Nullable Object> items = marked();
                push(new LinkedHashMap<>());
                put(items);
            }
            case 's' -> put(last(2));
            case 'u' -> put(marked());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int op) {
        switch (op) {
            case 'q' -> memo.put(in.get() & 0xff, stack.getLast());
            case 'r' -> memo.put(in.getInt(), stack.getLast());
            case 'p' -> memo.put(Integer.valueOf(line()), stack.getLast());
            case 0x94 -> memo.put(memo.size(), stack.getLast());
            case 'h' -> push(memo.get(in.get() & 0xff));
            case 'j' -> push(memo.get(in.getInt()));
            case 'g' -> push(memo.get(Integer.valueOf(line())));
            case 0x80 -> in.get();
            case 0x95 -> in.getLong();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int op) {
        switch (op) {
            case 'c' -> push(known(line(), line()));
            case 0x93 -> {
                List<@Nullable Object> names = last(2);
                push(known((String) names.get(0), (String) names.get(1)));
            }
            case 'R' -> {
                List<?> arguments = (List<?>) pop();
                push(make((Known) pop(), arguments));
            }
            case 'b' -> build(pop());
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Known known(@Nullable String module, @Nullable String name) {
        return switch (module + "." + name) {
            case "numpy.ndarray" -> Known.NDARRAY;
            case "numpy.dtype" -> Known.DTYPE;
            case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" -> Known.RECONSTRUCT;
            default ->
                throw refuse(
                        "the pickle wants " + module + "." + name + ", which no data set needs; it may be malicious");
        };
    }

    private static Object make(@Nullable Known what, @Nullable List<?> arguments) {
        return switch (Objects.requireNonNull(what)) {
            case RECONSTRUCT -> new Array();
            case DTYPE -> new DType(string(Objects.requireNonNull(arguments).getFirst()));
            case NDARRAY -> throw refuse("the pickle makes an array in a way that is not known");
        };
    }

    /** The state of an array is (version, shape, dtype, is Fortran order, data); that of a dtype adds nothing here. */
    private void build(@Nullable Object state) {
        if (!(stack.getLast() instanceof Array array) || !(state instanceof List<?> parts)) return;
        if (Boolean.TRUE.equals(parts.get(3))) throw refuse("expected an array in row-major order");
        array.shape = (List<?>) parts.get(1);
        array.dtype = ((DType) parts.get(2)).name;
        Object data = parts.get(4);
        array.data = data instanceof String s ? s.getBytes(StandardCharsets.ISO_8859_1) : data;
    }

    /** Returns a string of Python, or of Python 2, whose strings are bytes. */
    static String string(Object value) {
        return value instanceof byte[] b ? new String(b, StandardCharsets.ISO_8859_1) : (String) value;
    }

    // ---- the stack --------------------------------------------------------------------------------------------------

    private void push(@Nullable Object value) {
        stack.add(value);
    }

    private @Nullable Object pop() {
        return stack.removeLast();
    }

    @SuppressWarnings("unchecked") // anything else is a damaged file, and an error that says so
    private List<@Nullable Object> list() {
        return (List<@Nullable Object>) Objects.requireNonNull(stack.getLast());
    }

    @SuppressWarnings("unchecked")
    private void put(List<@Nullable Object> items) {
        var map = (Map<Object, @Nullable Object>) Objects.requireNonNull(stack.getLast());
        for (int i = 0; i + 1 < items.size(); i += 2) map.put(Objects.requireNonNull(items.get(i)), items.get(i + 1));
    }

    private List<@Nullable Object> marked() {
        int mark = stack.lastIndexOf(MARK);
        List<@Nullable Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private List<@Nullable Object> last(int count) {
        List<@Nullable Object> tail = stack.subList(stack.size() - count, stack.size());
        List<@Nullable Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }

    // ---- the file ---------------------------------------------------------------------------------------------------

    private String line() {
        var text = new StringBuilder();
        for (char c = (char) (in.get() & 0xff); c != '\n'; c = (char) (in.get() & 0xff)) text.append(c);
        return text.toString().strip();
    }

    private byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String latin(int length) {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    private static byte[] reversed(byte[] bytes) {
        var out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) out[i] = bytes[bytes.length - 1 - i];
        return out;
    }
}

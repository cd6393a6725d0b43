package org.keras4j.op;

/** The elementwise functions of two arguments of one dtype and shape. */
public enum Binary {
    ADD,
    SUB,
    MUL,
    /** True division of floats; integer division of integers truncates. */
    DIV,
    /** Rounds towards minus infinity, as Python's {@code //}. */
    FLOOR_DIV,
    /** Has the sign of the divisor, as Python's {@code %}. */
    MOD,
    POW,
    /** NaN if either is NaN. */
    MAX,
    /** NaN if either is NaN. */
    MIN,
    ATAN2,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    LOGICAL_AND,
    LOGICAL_OR,
    LOGICAL_XOR,
    BITWISE_AND,
    BITWISE_OR,
    BITWISE_XOR,
    SHIFT_LEFT,
    /** Arithmetic for signed types, logical for unsigned ones. */
    SHIFT_RIGHT,
    /** The next float after the first argument towards the second. */
    NEXT_AFTER;

    /** Says whether the result is bool. */
    public boolean isTest() {
        return compareTo(EQUAL) >= 0 && compareTo(LOGICAL_XOR) <= 0;
    }

    public boolean isCommutative() {
        return switch (this) {
            case ADD,
                    MUL,
                    MAX,
                    MIN,
                    EQUAL,
                    NOT_EQUAL,
                    LOGICAL_AND,
                    LOGICAL_OR,
                    LOGICAL_XOR,
                    BITWISE_AND,
                    BITWISE_OR,
                    BITWISE_XOR -> true;
            default -> false;
        };
    }
}

package org.keras4j.callbacks;

/** What callbacks tell people that asked for it with {@code verbose}. */
final class Messages {
    private Messages() {}

    static void print(String message) {
        System.out.println(message);
    }
}

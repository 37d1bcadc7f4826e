package io.velox.serving.items;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The numbers of the items that have an attribute, in no order: 8 bytes an item at most. Adding takes constant time, removing time in
 * proportion to the items. Single writer.
 */
final class Postings {
    private final Attribute attribute;
    private int[] numbers = new int[2];
    private int size;

    Postings(Attribute attribute) {
        this.attribute = attribute;
    }

    Attribute attribute() {
        return attribute;
    }

    int size() {
        return size;
    }

    /** Adds the number of an item that is not in it. */
    void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    /** Removes the number of an item that is in it. */
    void remove(int number) {
        int at = 0;
        while (numbers[at] != number) {
            at++;
        }
        numbers[at] = numbers[--size];
    }

    void forEach(IntConsumer consumer) {
        for (int i = 0; i < size; i++) {
            consumer.accept(numbers[i]);
        }
    }
}

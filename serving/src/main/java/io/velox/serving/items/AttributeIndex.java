package io.velox.serving.items;

import io.velox.core.item.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registered items of one model, by their ids and by their attributes.
 *
 * <p>Takes about 200 bytes an item beside its id, and 8 bytes for each of its attributes; an attribute takes about 200 bytes beside its text,
 * which all items with it share. An item that is no longer registered still takes 100 bytes, so that its number is nobody else's. Whoever uses it
 * holds its monitor.
 */
final class AttributeIndex {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<@Nullable RegisteredItem> items = new ArrayList<>();
    private final Map<Attribute, Postings> postings = new HashMap<>();
    private int size;

    /** Takes a registration in place of the one before, which is returned. */
    Optional<RegisteredItem> put(RegisteredItem given) {
        RegisteredItem item = new RegisteredItem(given.item(), shared(given.metadata()), given.revision());
        Integer known = numbers.putIfAbsent(item.item(), items.size());
        int number = known == null ? items.size() : known;
        RegisteredItem before = known == null ? null : items.get(number);
        if (known == null) {
            items.add(item);
        } else {
            items.set(number, item);
        }
        size += before == null ? 1 : 0;
        move(number, before == null ? Metadata.NONE : before.metadata(), item.metadata());
        return Optional.ofNullable(before);
    }

    /** Takes a registration out; empty if there is none. */
    Optional<RegisteredItem> remove(String item) {
        Integer number = numbers.get(item);
        RegisteredItem before = number == null ? null : items.set(number, null);
        if (number == null || before == null) {
            return Optional.empty();
        }
        size--;
        move(number, before.metadata(), Metadata.NONE);
        return Optional.of(before);
    }

    private void move(int number, Metadata before, Metadata after) {
        Attribute.each(before, attribute -> {
            Postings found = postings.get(attribute);
            if (found != null && !attribute.isOf(after)) {
                found.remove(number);
                if (found.size() == 0) {
                    postings.remove(attribute);
                }
            }
        });
        Attribute.each(after, attribute -> {
            if (!attribute.isOf(before)) {
                postings.computeIfAbsent(attribute, Postings::new).add(number);
            }
        });
    }

    /** The same metadata, with the texts of the attributes that are here already. */
    private Metadata shared(Metadata metadata) {
        SortedMap<String, List<String>> fields = new TreeMap<>();
        Attribute.each(metadata, attribute -> {
            Postings found = postings.get(attribute);
            Attribute same = found == null ? attribute : found.attribute();
            fields.computeIfAbsent(same.field(), f -> new ArrayList<>()).add(same.value());
        });
        return new Metadata(fields);
    }

    Optional<RegisteredItem> find(String item) {
        Integer number = numbers.get(item);
        return number == null ? Optional.empty() : Optional.ofNullable(items.get(number));
    }

    /** How many items are registered. */
    int size() {
        return size;
    }

    /** How many items have an attribute. */
    int count(Attribute attribute) {
        Postings found = postings.get(attribute);
        return found == null ? 0 : found.size();
    }

    /** Each item that has an attribute. */
    void each(Attribute attribute, Consumer<RegisteredItem> consumer) {
        Postings found = postings.get(attribute);
        if (found != null) {
            found.forEach(number -> Optional.ofNullable(items.get(number)).ifPresent(consumer));
        }
    }

    /** All items, in no order. */
    List<RegisteredItem> all() {
        List<RegisteredItem> all = new ArrayList<>(size);
        for (RegisteredItem item : items) {
            if (item != null) {
                all.add(item);
            }
        }
        return all;
    }
}

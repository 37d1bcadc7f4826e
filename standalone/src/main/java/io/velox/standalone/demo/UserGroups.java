package io.velox.standalone.demo;

import io.velox.standalone.demo.RatingLayout.Line;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Lines of ratings put together by user; of two ratings of one item the later line counts. */
final class UserGroups {
    private UserGroups() {}

    /** Whether the lines of each user stand together. */
    static boolean isAdjacent(Iterator<Line> lines) {
        Set<String> seen = new HashSet<>();
        String last = "";
        while (lines.hasNext()) {
            String uid = lines.next().uid();
            if (!uid.equals(last) && !seen.add(uid)) {
                return false;
            }
            last = uid;
        }
        return true;
    }

    /** Of lines that stand together: one user in memory at a time. */
    static Stream<UserRatings> adjacent(Iterator<Line> lines) {
        Iterator<UserRatings> users = new Iterator<>() {
            private @Nullable Line next = lines.hasNext() ? lines.next() : null;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public UserRatings next() {
                Line line = next;
                if (line == null) {
                    throw new NoSuchElementException("no more users");
                }
                String uid = line.uid();
                Map<String, Rating> ratings = new LinkedHashMap<>();
                while (line != null && line.uid().equals(uid)) {
                    ratings.put(line.rating().item(), line.rating());
                    line = lines.hasNext() ? lines.next() : null;
                }
                next = line;
                return user(uid, ratings);
            }
        };
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(users, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** Of lines in any order: all in memory. */
    static Stream<UserRatings> gathered(Iterator<Line> lines) {
        Map<String, Map<String, Rating>> users = new LinkedHashMap<>();
        lines.forEachRemaining(line -> users.computeIfAbsent(line.uid(), uid -> new LinkedHashMap<>())
                .put(line.rating().item(), line.rating()));
        return users.entrySet().stream().map(user -> user(user.getKey(), user.getValue()));
    }

    private static UserRatings user(String uid, Map<String, Rating> ratings) {
        return new UserRatings(uid, List.copyOf(ratings.values()));
    }
}

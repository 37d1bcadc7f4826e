package io.velox.standalone.demo;

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

    /** Whether the lines of each user stand together; they have all been read then. */
    static boolean areAdjacent(Iterator<RatedLine> lines) {
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
    static Stream<UserRatings> adjacent(Iterator<RatedLine> lines) {
        Iterator<UserRatings> users = new Iterator<>() {
            private @Nullable RatedLine next = lines.hasNext() ? lines.next() : null;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public UserRatings next() {
                RatedLine line = next;
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

    private static UserRatings user(String uid, Map<String, Rating> ratings) {
        return new UserRatings(uid, List.copyOf(ratings.values()));
    }
}

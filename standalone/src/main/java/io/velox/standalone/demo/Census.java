package io.velox.standalone.demo;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one pass over a data set tells: its size, the range of its labels, and how many ratings each part of the split has.
 *
 * @param items that were rated
 * @param mostImported items with the most imported ratings, most first
 */
record Census(
        long ratings,
        long users,
        long items,
        double lowest,
        double highest,
        long imported,
        long live,
        long test,
        List<String> mostImported) {
    private static final int MOST = 200;

    static Census of(DataSet data, Split split) {
        Count count = new Count();
        try (Stream<UserRatings> users = data.users()) {
            for (Iterator<UserRatings> i = users.iterator(); i.hasNext(); ) {
                UserRatings user = i.next();
                count.add(user, split.of(user));
            }
        }
        if (count.ratings == 0) {
            throw new DataSetException(data.name() + " has no ratings");
        }
        return count.census();
    }

    private static final class Count {
        /** Imported ratings of each item; items that have none are there with 0. */
        private final Map<String, Integer> importedOf = new HashMap<>();

        private long ratings;
        private long users;
        private long imported;
        private long live;
        private long test;
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;

        void add(UserRatings user, Split.Parts parts) {
            users++;
            ratings += user.ratings().size();
            imported += parts.imported().size();
            live += parts.live().size();
            test += parts.test().size();
            for (Rating rating : user.ratings()) {
                importedOf.putIfAbsent(rating.item(), 0);
                lowest = Math.min(lowest, rating.label());
                highest = Math.max(highest, rating.label());
            }
            parts.imported().forEach(rating -> importedOf.merge(rating.item(), 1, Integer::sum));
        }

        Census census() {
            List<String> most = importedOf.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .map(Map.Entry::getKey)
                    .limit(MOST)
                    .toList();
            return new Census(ratings, users, importedOf.size(), lowest, highest, imported, live, test, most);
        }
    }
}

package io.velox.standalone.demo;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/** The size of a data set: ratings, users, items that were rated; and the range of its labels. */
record Margins(long ratings, long users, long items, double lowest, double highest) {
    /** Counts in one pass. */
    static Margins of(DataSet data) {
        long ratings = 0;
        long users = 0;
        Set<String> items = new HashSet<>();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        try (Stream<UserRatings> stream = data.users()) {
            for (Iterator<UserRatings> i = stream.iterator(); i.hasNext(); ) {
                UserRatings user = i.next();
                users++;
                ratings += user.ratings().size();
                for (Rating rating : user.ratings()) {
                    items.add(rating.item());
                    lowest = Math.min(lowest, rating.label());
                    highest = Math.max(highest, rating.label());
                }
            }
        }
        return new Margins(ratings, users, items.size(), lowest, highest);
    }
}

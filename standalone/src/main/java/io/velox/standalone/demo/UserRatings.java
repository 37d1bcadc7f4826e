package io.velox.standalone.demo;

import java.util.List;

/** One user's ratings, one per item. */
record UserRatings(String uid, List<Rating> ratings) {
    UserRatings {
        ratings = List.copyOf(ratings);
    }
}

package io.velox.standalone.demo;

import java.util.List;

/** One user's ratings, one per item. */
public record UserRatings(String uid, List<Rating> ratings) {
    public UserRatings {
        ratings = List.copyOf(ratings);
    }
}

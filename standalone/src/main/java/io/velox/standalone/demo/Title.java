package io.velox.standalone.demo;

import java.util.List;

/** What a data set says of an item: its title, and its genres as far as it has any. */
record Title(String text, List<String> genres) {
    Title {
        genres = List.copyOf(genres);
    }
}

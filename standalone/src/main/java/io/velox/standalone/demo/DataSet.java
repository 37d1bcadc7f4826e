package io.velox.standalone.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A set of ratings, read user by user and as often as one likes. Immutable. */
public interface DataSet {
    /** As benchmarks name it, such as {@code ml-latest-small}. */
    String name();

    /** Of the file that it was read from, in hexadecimal; empty for a generated set. */
    Optional<String> sha256();

    /** The file or folder that it was read from; empty for a generated set. */
    Optional<Path> path();

    /** The items' titles, as far as they are known. */
    Map<String, Title> titles();

    /** Every user once, always in the same order, streamed; to be closed. */
    Stream<UserRatings> users();

    /** The title of an item, or its id, without genres. */
    default Title title(String item) {
        return titles().getOrDefault(item, new Title("item " + item, List.of()));
    }
}

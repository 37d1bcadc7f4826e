package io.velox.standalone.demo;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ratings drawn from a known truth, with the published margins of MovieLens 10M at scale 1: 69,878 users, 10,677 films, every one of
 * them rated, 10,000,054 ratings, at least 20 a user, half stars from 0.5 to 5.
 *
 * <p>A smaller scale takes that share of users and ratings, and the square root of it of the films, so that both users and films keep
 * a plausible number of ratings. Each user is generated from the seed and the user's number alone.
 */
public final class SyntheticDataSet implements DataSet {
    static final double SMALLEST_SCALE = 0.001;

    private static final int USERS = 69_878;
    private static final int ITEMS = 10_677;
    private static final long RATINGS = 10_000_054;
    private static final Instant FIRST_DAY = Instant.parse("1996-01-01T00:00:00Z");
    private static final long TWELVE_YEARS = 12L * 365 * 24 * 3600;

    private final long seed;
    private final int items;
    private final int[] ratingsOfUser;
    private final SyntheticTruth truth;
    private final SyntheticPopularity popularity;

    public SyntheticDataSet(double scale, long seed) {
        if (!(scale >= SMALLEST_SCALE && scale <= 1)) {
            throw new IllegalArgumentException("scale must be between " + SMALLEST_SCALE + " and 1, but got " + scale);
        }
        this.seed = seed;
        this.items = (int) Math.round(ITEMS * Math.sqrt(scale));
        this.ratingsOfUser = SyntheticActivity.ratingsOfUsers(
                (int) Math.round(USERS * scale), Math.round(RATINGS * scale), items, new SplittableRandom(seed));
        this.truth = new SyntheticTruth(items, seed);
        this.popularity = new SyntheticPopularity(items, seed);
    }

    @Override
    public String name() {
        return "synthetic";
    }

    @Override
    public Optional<Path> path() {
        return Optional.empty();
    }

    @Override
    public Optional<String> sha256() {
        return Optional.empty();
    }

    @Override
    public Map<String, Title> titles() {
        Map<String, Title> titles = new LinkedHashMap<>();
        for (int item = 0; item < items; item++) {
            titles.put(id(item), title(id(item)));
        }
        return titles;
    }

    @Override
    public Title title(String item) {
        return new Title("Synthetic film " + item, List.of());
    }

    @Override
    public Stream<UserRatings> users() {
        return IntStream.range(0, ratingsOfUser.length).mapToObj(this::user);
    }

    private UserRatings user(int user) {
        SplittableRandom random = new SplittableRandom(seed * 31 + 7 + 0x9E3779B97F4A7C15L * (user + 1));
        SyntheticTruth.Taste taste = truth.taste(random);
        int count = ratingsOfUser[user];
        // The films are dealt out once, so that each is rated by somebody.
        BitSet dealt = new BitSet(items);
        int from = (int) ((long) user * items / ratingsOfUser.length);
        int to = (int) ((long) (user + 1) * items / ratingsOfUser.length);
        dealt.set(from, to);
        int[] rated = popularity.draw(dealt, count, random);
        List<Rating> ratings = new ArrayList<>(count);
        Instant time = FIRST_DAY.plusSeconds(random.nextLong(TWELVE_YEARS));
        for (int item : rated) {
            time = time.plusSeconds(5 + random.nextInt(120));
            ratings.add(new Rating(id(item), truth.label(taste, item, random), time));
        }
        return new UserRatings(Integer.toString(user + 1), ratings);
    }

    private static String id(int item) {
        return Integer.toString(item + 1);
    }
}

package io.velox.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Ratings for the tests: MovieLens latest-small where the machine has it, else drawn from a low-rank truth of the same shape. */
final class Ratings {
    /** As many as MovieLens latest-small has. */
    private static final int LATEST_SMALL = 100_836;

    private Ratings() {}

    /** In the order of time, at most {@code limit} of them. */
    static List<Rating> load(int limit) throws IOException {
        Optional<Path> file = Repository.dataSet("ml-latest-small.zip");
        List<Rating> ratings = file.isPresent() ? movieLens(file.get()) : generated(Math.min(limit, LATEST_SMALL));
        return ratings.stream()
                .sorted(Comparator.comparingLong(Rating::timestamp))
                .limit(limit)
                .toList();
    }

    /** Those of items with at least {@code least} ratings, shuffled, so that no stretch of them differs from another. */
    static List<Rating> ofPopularItems(int least, Random random) throws IOException {
        List<Rating> all = load(Integer.MAX_VALUE);
        Map<String, Long> counts = all.stream().collect(Collectors.groupingBy(Rating::item, Collectors.counting()));
        List<Rating> popular = new ArrayList<>(all.stream()
                .filter(rating -> counts.get(rating.item()) >= least)
                .toList());
        Collections.shuffle(popular, random);
        return popular;
    }

    private static List<Rating> movieLens(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith("/ratings.csv"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(file + " has no ratings.csv"));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8));
            List<Rating> ratings = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split(",", -1);
                if (!columns[0].equals("userId")) {
                    ratings.add(new Rating(
                            columns[0], columns[1], Double.parseDouble(columns[2]), Long.parseLong(columns[3])));
                }
            }
            return ratings;
        }
    }

    private static List<Rating> generated(int count) {
        Random random = new Random(1);
        int rank = 4;
        double[][] users = gaussian(random, 600, rank);
        double[][] items = gaussian(random, 2000, rank);
        List<Rating> ratings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int user = random.nextInt(users.length);
            int item = (int) (items.length * Math.pow(random.nextDouble(), 2));
            double score = 3.5 + 0.4 * random.nextGaussian();
            for (int k = 0; k < rank; k++) {
                score += 0.4 * users[user][k] * items[item][k];
            }
            double label = Math.max(0.5, Math.min(5, Math.round(2 * score) / 2.0));
            ratings.add(new Rating(Integer.toString(user + 1), Integer.toString(item + 1), label, 1_000_000_000L + i));
        }
        return ratings;
    }

    private static double[][] gaussian(Random random, int n, int rank) {
        double[][] vectors = new double[n][rank];
        for (double[] vector : vectors) {
            for (int k = 0; k < rank; k++) {
                vector[k] = random.nextGaussian();
            }
        }
        return vectors;
    }
}

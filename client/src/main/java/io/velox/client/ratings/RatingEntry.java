package io.velox.client.ratings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the file that holds the ratings among those of a folder or zip file. */
public final class RatingEntry {
    private static final Pattern WELL_KNOWN =
            Pattern.compile("(.*/)?(ratings\\.(csv|tsv|dat|txt|ndjson|jsonl|json)|u\\.data)(\\.gz)?");
    private static final Pattern POSSIBLE = Pattern.compile(".*\\.(csv|tsv|dat|data|txt|ndjson|jsonl|json)(\\.gz)?");
    private static final Pattern ABOUT = Pattern.compile("(.*/)?(\\..*|readme.*|licen[cs]e.*)");
    private static final int SHOWN = 20;

    private RatingEntry() {}

    /**
     * The name of the file with the ratings: the only file; else the one that is asked for; else the one that is named as data sets name
     * it; else the only one that could be.
     *
     * @param source the bundle's own name, for errors
     * @throws RatingFileException if there is none, or more than one
     */
    public static String in(Bundle bundle, String source, Optional<String> wanted) throws RatingFileException {
        List<String> names = bundle.names();
        if (wanted.isPresent()) {
            return bundle.find(wanted.get())
                    .orElseThrow(() -> new RatingFileException(
                            "there is no " + wanted.get() + " in " + source + ", but " + listed(names)));
        }
        if (bundle instanceof FileBundle) {
            return names.get(0);
        }
        List<String> found = matching(names, WELL_KNOWN);
        if (found.isEmpty()) {
            found = matching(names, POSSIBLE);
        }
        if (found.size() != 1) {
            throw new RatingFileException((found.isEmpty()
                            ? "no file in " + source + " looks like ratings"
                            : "several files in " + source + " may hold the ratings")
                    + "; choose one with --entry: " + listed(found.isEmpty() ? names : found));
        }
        return found.get(0);
    }

    private static List<String> matching(List<String> names, Pattern pattern) {
        return names.stream()
                .filter(name -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    return pattern.matcher(lower).matches()
                            && !ABOUT.matcher(lower).matches();
                })
                .toList();
    }

    private static String listed(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.isEmpty()
                ? "nothing"
                : names.size() > SHOWN ? first + " and " + (names.size() - SHOWN) + " more" : first;
    }
}

package io.velox.standalone.demo;

import io.velox.client.cli.Progress;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What the person in front of the demonstration sees. Colours only on a terminal. */
final class Screen {
    private static final int CELL = 54;
    private static final int TITLE = 34;

    private final PrintWriter out;
    private final Ansi colours;
    private int step;

    Screen(PrintWriter out, Ansi colours) {
        this.out = out;
        this.colours = colours;
    }

    /** The beginning of a step, with what it is for. */
    void step(String title, String explanation) {
        step++;
        out.println();
        out.println(colours.string("@|bold,cyan " + step + ". " + title + "|@"));
        out.println("   " + explanation);
        out.flush();
    }

    void say(String format, Object... arguments) {
        out.println("   " + (arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments)));
        out.flush();
    }

    void warn(String text) {
        out.println(colours.string("@|bold,yellow   Note:|@ ") + text);
        out.flush();
    }

    Progress progress(String what) {
        return new Progress(out, Progress.isTerminal(), "   " + what, System::nanoTime);
    }

    /** Two lists next to each other; what only the right one has is marked. */
    void sideBySide(String leftTitle, List<Title> left, String rightTitle, List<Title> right) {
        out.println("   " + pad(leftTitle, CELL + 4) + "   " + rightTitle);
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String before = i < left.size() ? cell(left.get(i)) : "";
            String after = i < right.size() ? cell(right.get(i)) : "";
            boolean isNew = i < right.size() && !left.contains(right.get(i));
            String line = String.format(Locale.ROOT, "   %2d. %s   %2d. ", i + 1, pad(before, CELL), i + 1);
            out.println(line + (isNew ? green("+ " + after) : "  " + after));
        }
        out.flush();
    }

    /** A rating with the item's title and genres. */
    void rating(double label, Title title) {
        say("%.1f  %s", label, cell(title));
    }

    /** Why it ends here. */
    void failure(String reason) {
        out.println("velox demo: " + reason);
        out.flush();
    }

    /** What to try now. */
    void next(URI api, int version) {
        out.println();
        out.println("   While Velox is up, try:");
        out.println("     scripts/velox topk 1 --url " + api);
        out.println("     curl -s " + api + "/v1/models/als/versions/" + version);
        out.println("     curl -s " + api + "/v1/users/1");
        out.flush();
    }

    void json(String line) {
        out.println();
        out.println(line);
        out.flush();
    }

    private String green(String text) {
        return colours.enabled() ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    private static String cell(Title title) {
        return title.genres().isEmpty()
                ? cut(title.text(), CELL)
                : pad(title.text(), TITLE) + "  " + genres(title.genres(), CELL - TITLE - 2);
    }

    /** As many as there is room for, at least the beginning of the first. */
    private static String genres(List<String> genres, int width) {
        String text = cut(genres.get(0), width);
        for (String genre : genres.subList(1, genres.size())) {
            if (text.length() + 2 + genre.length() <= width) {
                text += ", " + genre;
            }
        }
        return text;
    }

    private static String pad(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(Math.max(0, width - cut.length()));
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 3).stripTrailing() + "...";
    }
}

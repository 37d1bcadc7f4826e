package io.velox.standalone.demo;

import io.velox.client.TopKRequest;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.client.cli.Progress;
import io.velox.standalone.demo.Split.Parts;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The steps of the demonstration in their order. Used once. */
final class DemoCourse {
    private static final String MODEL = "als";
    private static final Duration READY_DEADLINE = Duration.ofMinutes(2);
    private static final int TOPK_USERS = 200;
    private static final int TOPK_ROUNDS = 10;

    private final VeloxClient client;
    private final DataSet data;
    private final Split split;
    private final Census census;
    private final Screen screen;
    private final Clock clock;
    private final Observer observer;
    private final TestSample sample;

    DemoCourse(VeloxClient client, DataSet data, Split split, Census census, Screen screen, Clock clock) {
        this.client = client;
        this.data = data;
        this.split = split;
        this.census = census;
        this.sample = TestSample.of(census, split.seed());
        this.screen = screen;
        this.clock = clock;
        this.observer = new Observer(client);
    }

    DemoReport run(String store) {
        boolean resumed = awaitReady();
        double importSeconds = importFirstHalf();
        long trainBegin = System.nanoTime();
        int version = client.retrain(MODEL);
        Swap.Times times = train(version, trainBegin);
        Accuracy accuracy = new Accuracy(client, MODEL, version);
        screen.step(
                "Test error of version " + version,
                "A tenth of each user's ratings was kept away from everything; now it is predicted"
                        + (sample.isAll() ? "." : ", for a seeded sample of the users."));
        Accuracy.Result prior;
        try (Progress progress = screen.progress("users scored at the prior mean")) {
            prior = accuracy.atPrior(tested(), progress, testedUsers());
        }
        Accuracy.Result offline = served(accuracy);
        screen.say(
                "RMSE %.4f with everybody alike, %.4f with each user's own weights (%,d ratings, %,d of unknown items left out)",
                prior.rmse(), offline.rmse(), prior.ratings(), prior.unknown());
        LiveHalf.Times live = observeLive();
        screen.step(
                "Test error again",
                "Nothing was retrained: only the users' weights have learnt, one observation at a time.");
        Accuracy.Result online = served(accuracy);
        if (prior.ratings() != offline.ratings() || prior.ratings() != online.ratings()) {
            throw new IllegalStateException(
                    "the three errors are not over the same ratings: " + prior + ", " + offline + ", " + online);
        }
        screen.say("RMSE %.4f before the live half, %.4f with it", offline.rmse(), online.rmse());
        Percentiles topK = timeTopK();
        Visitor visitor = new Visitor(client, MODEL, version, "visitor-" + Long.toString(clock.millis(), 36));
        List<String> before = visitor.best(Optional.empty());
        List<String> after = welcome(visitor, before);
        return new DemoReport(
                data.name(),
                store,
                data.sha256().orElse(null),
                census.ratings(),
                census.users(),
                census.items(),
                version,
                census.imported(),
                DemoReport.rounded(importSeconds),
                Math.round(census.imported() / importSeconds),
                DemoReport.rounded(times.train()),
                DemoReport.rounded(times.rebase()),
                census.live(),
                DemoReport.rounded(live.seconds()),
                Math.round(live.batched() / live.seconds()),
                new DemoReport.Errors(
                        DemoReport.rounded(prior.rmse()),
                        DemoReport.rounded(offline.rmse()),
                        DemoReport.rounded(online.rmse())),
                live.visible(),
                topK,
                texts(before),
                texts(after),
                prior.ratings(),
                DemoReport.rounded(sample.share()),
                prior.unknown(),
                split.seed(),
                resumed);
    }

    /** Waits until Velox answers; returns whether it has been used for this before. */
    private boolean awaitReady() {
        long end = System.nanoTime() + READY_DEADLINE.toNanos();
        while (true) {
            try {
                boolean resumed = client.models().stream()
                        .anyMatch(m -> m.model().equals(MODEL) && !m.versions().isEmpty());
                if (resumed) {
                    screen.warn(
                            "this data directory has been used before: its users are known already, and so is the live half of their"
                                    + " ratings, which therefore changes little.");
                }
                return resumed;
            } catch (VeloxClientException e) {
                if (!e.isPassing() || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private double importFirstHalf() {
        screen.step(
                "Import", "Through the front door: HTTP, then Kafka, then the job, which keeps each user's history.");
        try (Progress progress = screen.progress("ratings imported")) {
            String name = "demo-" + data.name() + "-" + split.seed();
            new BulkImport(client, name, progress, census.imported()).send(parts());
            return progress.seconds();
        }
    }

    private Swap.Times train(int version, long begin) {
        screen.step(
                "Training version " + version,
                "Spark learns item factors and the prior from the archive; then the users are rebased onto them, and it goes live.");
        return Swap.await(client, MODEL, version, begin, screen);
    }

    private LiveHalf.Times observeLive() {
        screen.step("The live half", "Users go on rating; every answer after an observation's receipt reflects it.");
        LiveHalf.Times times = LiveHalf.of(parts(), census.users())
                .observe(observer, new CatchUp(client, MODEL), MODEL, parts(), screen);
        screen.say(
                "From observing to an answer that knows: %.1f ms in the middle, %.1f ms for 99 of 100",
                times.visible().p50(), times.visible().p99());
        return times;
    }

    private Percentiles timeTopK() {
        screen.step("The best of all items", "Exact, for users whose weights are in memory.");
        List<String> users =
                observer.receipts().keySet().stream().sorted().limit(TOPK_USERS).toList();
        users.forEach(uid -> client.topK(MODEL, TopKRequest.of(uid, Visitor.K)));
        Histogram microseconds = Percentiles.microseconds();
        for (int round = 0; round < TOPK_ROUNDS; round++) {
            for (String uid : users) {
                long begin = System.nanoTime();
                client.topK(MODEL, TopKRequest.of(uid, Visitor.K));
                microseconds.recordValue((System.nanoTime() - begin) / 1000);
            }
        }
        Percentiles times = Percentiles.of(microseconds);
        screen.say(
                "Top %d of the catalogue over HTTP: %.1f ms in the middle, %.1f ms for 99 of 100",
                Visitor.K, times.p50(), times.p99());
        return times;
    }

    private List<String> welcome(Visitor visitor, List<String> before) {
        screen.step(
                "Somebody new",
                "User " + visitor.uid()
                        + " rates some of the titles with the most ratings, and the list is another one at once.");
        Optional<String> receipt = Optional.empty();
        for (Rating rating : visitor.opinions(census, clock.instant().truncatedTo(ChronoUnit.MILLIS))) {
            receipt = Optional.of(observer.observe(visitor.uid(), rating));
            screen.rating(rating.label(), data.title(rating.item()));
        }
        List<String> after = visitor.best(receipt);
        screen.sideBySide("Before", titles(before), "After", titles(after));
        return after;
    }

    private Accuracy.Result served(Accuracy accuracy) {
        try (Progress progress = screen.progress("users predicted")) {
            return accuracy.served(tested(), observer.receipts(), progress, testedUsers());
        }
    }

    private Stream<Parts> parts() {
        return data.users().map(split::of);
    }

    private Stream<Parts> tested() {
        return data.users().filter(user -> sample.takes(user.uid())).map(split::of);
    }

    private long testedUsers() {
        return Math.round(census.users() * sample.share());
    }

    private List<Title> titles(List<String> items) {
        return items.stream().map(data::title).toList();
    }

    private List<String> texts(List<String> items) {
        return titles(items).stream().map(Title::text).toList();
    }
}

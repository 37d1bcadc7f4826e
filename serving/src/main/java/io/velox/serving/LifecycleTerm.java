package io.velox.serving;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.Topics;
import io.velox.core.store.ModelStore;
import io.velox.serving.forgetting.Forgetting;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.CatalogueFeed;
import io.velox.serving.lifecycle.CatalogueWriter;
import io.velox.serving.lifecycle.CurrentLifecycle;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.lifecycle.LifecyclePorts;
import io.velox.serving.lifecycle.LifecycleRole;
import io.velox.serving.lifecycle.LoadedModels;
import io.velox.serving.lifecycle.ModelLifecycle;
import io.velox.serving.lifecycle.RebasePace;
import io.velox.serving.lifecycle.ServingNodes;
import io.velox.serving.lifecycle.Trainer;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.LogTail;
import io.velox.serving.log.ObservationLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * What only the node with the lifecycle's role does, from when it gained it: the lifecycle, and forgetting with the upkeep of the archive.
 * The catalogue is written from then on by this node alone, and read only after that, so that what is read is the last word.
 */
final class LifecycleTerm implements LifecycleRole.Term {
    private static final Duration READ_PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_WAITING_REBASES = 16;

    private final Opened opened;
    private final CatalogueWriter writer;

    private LifecycleTerm(Opened opened, CatalogueWriter writer) {
        this.opened = opened;
        this.writer = writer;
    }

    /**
     * The parts of the node that the term works with; they outlive it.
     *
     * @param ready completes when the feeds are positioned: a rebase record whose update is not seen would be waited for in vain
     * @param current what the node's other parts ask
     */
    record Parts(
            VeloxConfiguration configuration,
            KafkaClients clients,
            ModelStore store,
            ItemRegistry items,
            LoadedModels models,
            JobHealth health,
            ServingNodes nodes,
            ObservationLog log,
            LogTail tail,
            Trainer trainer,
            Clock clock,
            MeterRegistry metrics,
            CompletableFuture<Void> ready,
            CurrentLifecycle current) {}

    /**
     * Begins a term. Blocks.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}, {@code INVALID_CONFIGURATION}
     */
    static LifecycleTerm begin(Parts parts) {
        Opened opened = new Opened();
        try {
            return begin(parts, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static LifecycleTerm begin(Parts parts, Opened opened) {
        VeloxConfiguration configuration = parts.configuration();
        Topics topics = configuration.kafka().topics();
        KafkaClients clients = parts.clients();
        Waits.await(parts.ready(), "the feeds are positioned", ErrorCode.LOG_UNAVAILABLE);
        CatalogueWriter writer = opened.add(CatalogueWriter.begin(
                () -> clients.transactionalProducer("velox-lifecycle", topics.lifecycle()),
                topics.catalogue(),
                System::nanoTime));
        SortedMap<String, CatalogueEntry> catalogue = CatalogueFeed.read(
                () -> clients.consumer("velox-lifecycle-catalogue"), topics.catalogue(), READ_PATIENCE);
        opened.add(() -> parts.trainer().endAll("the node lost the lifecycle's role"));

        LifecyclePorts ports = new LifecyclePorts(
                writer::write,
                parts.store(),
                parts.items(),
                parts.models(),
                parts.health(),
                parts.nodes(),
                parts.log(),
                parts.tail(),
                parts.trainer(),
                parts.clock());
        int rebaseWindow = configuration.retrain().rebaseWindow();
        Duration rebaseLag = configuration.retrain().rebaseLag();
        ModelLifecycle lifecycle = opened.add(new ModelLifecycle(
                ports,
                configuration.models(),
                configuration.lifecycle(),
                catalogue,
                () -> new RebasePace(rebaseWindow, rebaseLag, System::nanoTime),
                opened.addExecutor(Threads.scheduled("lifecycle", 1)),
                opened.addExecutor(Threads.single("rebase", MAX_WAITING_REBASES))));
        Forgetting forgetting = Forgetting.of(
                configuration,
                clients,
                parts.store(),
                parts.tail(),
                parts.models(),
                lifecycle,
                parts.trainer(),
                parts.clock(),
                opened.addExecutor(Threads.scheduled("forgetting", 1)));
        removeAtTheEnd(lifecycle.bindTo(parts.metrics()), parts.metrics(), opened);
        removeAtTheEnd(forgetting.bindTo(parts.metrics()), parts.metrics(), opened);
        opened.add(parts.current()::end);
        parts.current().begin(lifecycle);
        var unused = lifecycle.start();
        forgetting.start();
        return new LifecycleTerm(opened, writer);
    }

    private static void removeAtTheEnd(List<Meter> meters, MeterRegistry registry, Opened opened) {
        opened.add(() -> meters.forEach(registry::remove));
    }

    @Override
    public boolean isOver() {
        return writer.isOver();
    }

    @Override
    public void close() {
        opened.close();
    }
}

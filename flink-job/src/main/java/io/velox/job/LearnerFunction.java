package io.velox.job;

import io.velox.core.log.HealthRecord;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.job.catalogue.CatalogueElement;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.catalogue.LoadedVersions;
import io.velox.job.catalogue.VersionReader;
import io.velox.job.health.HealthAccount;
import io.velox.job.health.PairTotal;
import io.velox.job.health.PairTotalSerializer;
import io.velox.job.health.ReportingSubtask;
import io.velox.job.health.VersionTotal;
import io.velox.job.health.VersionTotalSerializer;
import io.velox.job.health.WorstUserEntry;
import io.velox.job.health.WorstUserSerializer;
import io.velox.job.item.ItemContribution;
import io.velox.job.item.ItemContributionSerializer;
import io.velox.job.learn.Outcome;
import io.velox.job.learn.UserLearner;
import io.velox.job.log.HealthRecordSerializer;
import io.velox.job.log.LogRecord;
import io.velox.job.log.SerializerTypeInformation;
import io.velox.state.UserStateDescriptors;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The operator that learns: for each user, applies the log's records in their order and puts out the changed model; for each subtask,
 * reports health at {@link #HEALTH}. What users say of items that a version was not trained on goes to {@link #OF_ITEMS}.
 */
@SuppressWarnings("NullAway") // transient fields are made in initializeState and open, which Flink calls in this order
final class LearnerFunction extends KeyedBroadcastProcessFunction<String, LogRecord, CatalogueElement, UserUpdate>
        implements CheckpointedFunction {
    static final OutputTag<HealthRecord> HEALTH = new OutputTag<>(
            "health", SerializerTypeInformation.of(HealthRecord.class, HealthRecordSerializer.INSTANCE));

    static final OutputTag<ItemContribution> OF_ITEMS = new OutputTag<>(
            "of-items", SerializerTypeInformation.of(ItemContribution.class, ItemContributionSerializer.INSTANCE));

    private static final long serialVersionUID = 1L;

    private final CatalogueSnapshot catalogue;
    private final VersionReader reader;
    private final LearnerSettings settings;

    private transient ValueState<UserModel> userModel;
    private transient ListStateHistory history;
    private transient ListState<VersionTotal> savedTotals;
    private transient ListState<PairTotal> savedPairs;
    private transient ListState<String> savedDelays;
    private transient ListState<WorstUserEntry> savedWorst;
    private transient LoadedVersions versions;
    private transient UserLearner learner;
    private transient HealthAccount health;
    private transient ReportingSubtask subtask;
    private transient Counter replayed;

    LearnerFunction(CatalogueSnapshot catalogue, VersionReader reader, LearnerSettings settings) {
        this.catalogue = catalogue;
        this.reader = reader;
        this.settings = settings;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        versions = new LoadedVersions(context.getOperatorStateStore().getBroadcastState(LoadedVersions.STATE), reader);
        OperatorStateStore store = context.getOperatorStateStore();
        savedTotals = store.getListState(new ListStateDescriptor<>("loss-totals", VersionTotalSerializer.INSTANCE));
        savedPairs = store.getListState(new ListStateDescriptor<>("pair-totals", PairTotalSerializer.INSTANCE));
        savedDelays = store.getListState(new ListStateDescriptor<>("delay-totals", StringSerializer.INSTANCE));
        savedWorst = store.getUnionListState(new ListStateDescriptor<>("worst-users", WorstUserSerializer.INSTANCE));
        health = new HealthAccount();
        health.restore(savedTotals.get());
        health.restorePairs(savedPairs.get());
        health.restoreDelays(savedDelays.get());
        health.restoreWorst(savedWorst.get(), this::isOwn);
    }

    @Override
    public void open(OpenContext context) throws Exception {
        RuntimeContext runtime = getRuntimeContext();
        userModel = runtime.getState(UserStateDescriptors.queryableUserModel());
        history = new ListStateHistory(
                runtime.getListState(UserStateDescriptors.queryableUserHistory()),
                runtime.getListState(UserStateDescriptors.userSpentIds()));
        learner = new UserLearner(
                settings.userCacheBytes(), settings.covarianceCacheBytes(), settings.someModelAccumulates());
        replayed = runtime.getMetricGroup().counter("replayedRecords");
        subtask = new ReportingSubtask(
                runtime.getJobInfo().getJobId().toHexString(),
                runtime.getTaskInfo().getIndexOfThisSubtask(),
                runtime.getTaskInfo().getNumberOfParallelSubtasks());
        versions.catchUp(catalogue.read());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        savedTotals.update(health.save());
        savedPairs.update(health.savePairs());
        savedDelays.update(health.saveDelays());
        savedWorst.update(health.saveWorst());
    }

    @Override
    public void processElement(LogRecord record, ReadOnlyContext context, Collector<UserUpdate> out) throws Exception {
        @Nullable UserModel before = learner.cachedModel(record.uid());
        if (before == null) {
            before = userModel.value();
        }
        if (before != null && hasApplied(before, record.position())) {
            replayed.inc();
            return;
        }
        if (record.decoded() instanceof UserRecord.Erased) {
            erase(before);
            return;
        }
        if (record.decoded() instanceof UserRecord.Rebased rebased
                && versions.loadIfUnknown(rebased.modelVersion(), rebased.manifest())) {
            context.output(HEALTH, report(context.currentProcessingTime()));
        }
        Outcome outcome = learner.apply(before, history, record, versions.models());
        userModel.update(outcome.model());
        outcome.ofItems().forEach(said -> context.output(OF_ITEMS, said));
        health.add(record, outcome, context.currentProcessingTime());
        out.collect(new UserUpdate(outcome.model(), before == null ? null : before.revision(), outcome.learnt()));
    }

    /** Nothing remains of a user who was forgotten and has not come back. */
    private void erase(@Nullable UserModel before) throws Exception {
        if (before != null && before.forgotten()) {
            userModel.clear();
            history.replace(List.of());
            learner.forget(before.uid());
        }
    }

    @Override
    public void processBroadcastElement(CatalogueElement element, Context context, Collector<UserUpdate> out)
            throws Exception {
        boolean isTimeToReport = element instanceof CatalogueElement.OfVersion ofVersion
                ? versions.accept(ofVersion)
                : health.isDue(context.currentProcessingTime());
        if (isTimeToReport) {
            context.output(HEALTH, report(context.currentProcessingTime()));
        }
    }

    private boolean isOwn(String uid) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        uid, task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private HealthRecord report(long now) {
        return health.report(subtask, now, versions);
    }

    private static boolean hasApplied(UserModel user, Revision position) {
        return user.revision().isInPartitionOf(position) && user.revision().offset() >= position.offset();
    }
}

package io.velox.state;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import io.velox.core.user.UserModel;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** The states that the job keeps of each user, the two that are queried under the names of these. Their key is the user id. */
public final class UserStateDescriptors {
    public static final String USER_MODEL = "user-model";
    public static final String USER_HISTORY = "user-history";

    private static final String USER_SPENT_IDS = "user-spent-ids";

    /** The type of the states' key. */
    public static final TypeInformation<String> KEY = Types.STRING;

    private UserStateDescriptors() {}

    /** The user's model: revision and weights. */
    public static ValueStateDescriptor<UserModel> userModel() {
        return new ValueStateDescriptor<>(USER_MODEL, UserModelSerializer.INSTANCE);
    }

    /** The user's observations, in the order of the log. */
    public static ListStateDescriptor<HistoryEntry> userHistory() {
        return new ListStateDescriptor<>(USER_HISTORY, HistoryEntrySerializer.INSTANCE);
    }

    /** The client ids of observations that have left the user's history; the job's own, and not queried. */
    public static ListStateDescriptor<SpentId> userSpentIds() {
        return new ListStateDescriptor<>(USER_SPENT_IDS, SpentIdSerializer.INSTANCE);
    }

    /** The model's state as the job registers it. */
    @SuppressWarnings(
            "deprecation") // queryable state is deprecated and has no successor; it stays behind UserModelReader
    public static ValueStateDescriptor<UserModel> queryableUserModel() {
        ValueStateDescriptor<UserModel> descriptor = userModel();
        descriptor.setQueryable(USER_MODEL);
        return descriptor;
    }

    /** The history's state as the job registers it. */
    @SuppressWarnings("deprecation") // as above
    public static ListStateDescriptor<HistoryEntry> queryableUserHistory() {
        ListStateDescriptor<HistoryEntry> descriptor = userHistory();
        descriptor.setQueryable(USER_HISTORY);
        return descriptor;
    }
}

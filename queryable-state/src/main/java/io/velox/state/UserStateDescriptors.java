package io.velox.state;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** The two states that the job keeps of each user, under the names by which they are queried. Their key is the user id. */
public final class UserStateDescriptors {
    public static final String USER_MODEL = "user-model";
    public static final String USER_HISTORY = "user-history";

    /** The type of the states' key. */
    public static final TypeInformation<String> KEY = Types.STRING;

    private UserStateDescriptors() {}

    /** The user's model: revision and weights. */
    public static ValueStateDescriptor<UserModel> userModel() {
        return new ValueStateDescriptor<>(USER_MODEL, UserModelSerializer.INSTANCE);
    }

    /** The user's observations, one per item. */
    public static ListStateDescriptor<HistoryEntry> userHistory() {
        return new ListStateDescriptor<>(USER_HISTORY, HistoryEntrySerializer.INSTANCE);
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

package io.velox.serving.users;

import io.velox.core.user.UserModel;
import java.util.Optional;

/**
 * What is known of a user's model.
 *
 * @param model empty for a user of whom nothing is known
 * @param degraded why the answer may be older or poorer than it should be; empty when all is well
 */
public record UserView(Optional<UserModel> model, Optional<String> degraded) {}

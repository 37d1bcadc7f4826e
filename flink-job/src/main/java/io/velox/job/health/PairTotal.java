package io.velox.job.health;

import io.velox.core.learn.PairedLoss;
import io.velox.core.model.ModelVersion;

/** The losses of two versions of one model over the same observations, in one subtask; {@code first} is the lower one. */
public record PairTotal(ModelVersion first, ModelVersion second, PairedLoss loss) {}

/** What users' ratings say of items that a version was not trained on, by item. */
@NullMarked
package io.velox.job.item;

import org.jspecify.annotations.NullMarked;

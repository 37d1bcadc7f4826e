/** What is registered of items: filters over it, and items that a version takes for what it guesses of them. */
@NullMarked
package io.velox.serving.items;

import org.jspecify.annotations.NullMarked;

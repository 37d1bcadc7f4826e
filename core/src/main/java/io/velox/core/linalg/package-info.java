/** The little linear algebra that Velox needs: packed symmetric matrices and positive definite solves, on JBLAS where it pays, with plain Java twins. */
@NullMarked
package io.velox.core.linalg;

import org.jspecify.annotations.NullMarked;

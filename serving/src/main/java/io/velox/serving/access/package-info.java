/** Who may ask: keys and roles, how often, over which addresses, and the certificate of the API. */
@NullMarked
package io.velox.serving.access;

import org.jspecify.annotations.NullMarked;

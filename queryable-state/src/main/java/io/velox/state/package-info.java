/** What the job and its readers share: the names and serializers of users' state, and the client that reads it. */
@NullMarked
package io.velox.state;

import org.jspecify.annotations.NullMarked;

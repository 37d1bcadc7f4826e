/** Requests drawn from the OpenAPI document, spoilt in half of the cases, and the judgement of what comes back. */
package io.velox.system.fuzz;

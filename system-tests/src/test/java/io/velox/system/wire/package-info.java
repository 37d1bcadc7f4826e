/** HTTP byte by byte, so that tests can send what no client would. */
package io.velox.system.wire;

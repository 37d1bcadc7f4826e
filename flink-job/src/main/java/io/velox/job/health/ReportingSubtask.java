package io.velox.job.health;

/**
 * Who reports.
 *
 * @param job the Flink job's id in hexadecimal
 * @param index of the subtask, from 0
 */
public record ReportingSubtask(String job, int index, int parallelism) {}

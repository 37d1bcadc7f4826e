package io.velox.bench;

/** Something worth measuring, from a clean start to figures. */
public interface Benchmark {
    /** As the command line and the file of results say. */
    String name();

    /** What it measures, in a line. */
    String summary();

    /** Runs it; whatever it starts has ended when this returns, however it returns. */
    Findings run(Setting setting) throws Exception;
}

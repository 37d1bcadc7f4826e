package io.velox.standalone;

/** Where a data directory's store lies. Named in lower case, as on the command line. */
public enum StoreKind {
    /** In a folder of the data directory. */
    file,
    /** In an Alluxio beside Velox, which keeps its files in the data directory. */
    alluxio
}

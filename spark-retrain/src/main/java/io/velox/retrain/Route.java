package io.velox.retrain;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/** Where a {@link Parcel} goes and where it comes from, as numbers of partitions; parcels arrive in the order of their origin. */
record Route(int to, int from) implements Comparable<Route>, Serializable {
    private static final Comparator<Route> ORDER =
            Comparator.comparingInt(Route::to).thenComparingInt(Route::from);

    @Override
    public int compareTo(Route other) {
        return ORDER.compare(this, other);
    }

    /** Sends each parcel to the partition that its route names. */
    static final class ByDestination extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int partitions;

        ByDestination(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            return ((Route) key).to();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof ByDestination other && partitions == other.partitions;
        }

        @Override
        public int hashCode() {
            return partitions;
        }
    }
}

package io.velox.retrain;

import io.velox.retrain.RatingSums.PriorPrecision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import scala.Tuple2;

/**
 * The users' half of a pass, over one partition of users and the posteriors of the items that these have rated: updates each user's
 * posterior, and sums up for each item what its raters say of it. The users' posteriors go no further.
 *
 * @param passesOn whether the sums are wanted, or only the statistics
 */
record UserHalf(ItemLayout layout, PolishParameters parameters, boolean passesOn)
        implements FlatMapFunction2<
                Iterator<HeldOutSplit.Parts>, Iterator<Tuple2<Route, Parcel>>, Tuple2<Route, Parcel>> {
    private static final long serialVersionUID = 1L;

    /** Takes the users and, as moments (see {@link VectorPosterior#moments}), their items; gives sums by block, and statistics. */
    @Override
    public Iterator<Tuple2<Route, Parcel>> call(
            Iterator<HeldOutSplit.Parts> users, Iterator<Tuple2<Route, Parcel>> items) {
        double[][] moments = new double[layout.itemCount()][];
        while (items.hasNext()) {
            Parcel parcel = items.next()._2();
            for (int i = 0; i < parcel.items().length; i++) {
                moments[parcel.items()[i]] = parcel.values()[i];
            }
        }
        double[][] sums = new double[layout.itemCount()][];
        SideStatistics statistics = new SideStatistics(layout.dimension());
        PriorPrecision prior = PriorPrecision.of(parameters.users());
        while (users.hasNext()) {
            HeldOutSplit.Parts user = users.next();
            if (user.training().size() > 0) {
                VectorPosterior posterior = update(user.training(), moments, prior, statistics);
                predict(user.heldOut(), posterior, moments, statistics);
                if (passesOn) {
                    passOn(user.training(), posterior.moments(), sums);
                }
            }
        }
        return parcels(TaskContext.getPartitionId(), sums, statistics).iterator();
    }

    private VectorPosterior update(
            UserRatings ratings, double[][] moments, PriorPrecision prior, SideStatistics statistics) {
        double[] sums = new double[RatingSums.length(layout.rank())];
        for (int i = 0; i < ratings.size(); i++) {
            RatingSums.add(sums, moments[ratings.items()[i]], layout.rank(), deviation(ratings, i));
        }
        VectorPosterior posterior = RatingSums.posterior(sums, prior, parameters.noise());
        statistics.add(posterior, sums);
        return posterior;
    }

    private void predict(
            UserRatings heldOut, VectorPosterior posterior, double[][] moments, SideStatistics statistics) {
        int rank = layout.rank();
        double[] mean = posterior.mean();
        for (int i = 0; i < heldOut.size(); i++) {
            double[] item = moments[heldOut.items()[i]];
            if (item != null) {
                double predicted = RatingSums.biasMean(item, rank);
                for (int j = 0, k = rank * (rank + 1) / 2; j <= rank; j++, k++) {
                    predicted += mean[j] * item[k];
                }
                statistics.addHeldOut(deviation(heldOut, i) - predicted);
            }
        }
    }

    private void passOn(UserRatings ratings, double[] user, double[][] sums) {
        for (int i = 0; i < ratings.size(); i++) {
            int item = ratings.items()[i];
            if (sums[item] == null) {
                sums[item] = new double[RatingSums.length(layout.rank())];
            }
            RatingSums.add(sums[item], user, layout.rank(), deviation(ratings, i));
        }
    }

    private double deviation(UserRatings ratings, int i) {
        return ratings.labels()[i] - parameters.globalMean();
    }

    private List<Tuple2<Route, Parcel>> parcels(int from, double[][] sums, SideStatistics statistics) {
        List<Tuple2<Route, Parcel>> parcels = new ArrayList<>();
        for (int block = 0; block < layout.blocks() && passesOn; block++) {
            parcels.add(new Tuple2<>(
                    new Route(block, from), Parcel.ofPresent(sums, layout.first(block), layout.first(block + 1))));
        }
        parcels.add(new Tuple2<>(new Route(layout.blocks(), from), Parcel.of(statistics)));
        return parcels;
    }
}

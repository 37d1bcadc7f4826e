package io.velox.job;

import io.velox.core.model.FactorTable;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random models, with priors of every kind. */
public final class TestModels {
    private TestModels() {}

    /** A factor model that knows the given items. */
    public static MatrixFactorModel factors(
            ModelVersion id, int dimension, List<String> items, RandomGenerator random) {
        FactorTable.Builder table = new FactorTable.Builder(dimension);
        for (String item : items) {
            float[] features = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                features[i] = i == dimension - 1 ? 1 : (float) random.nextGaussian();
            }
            table.add(item, features, (float) (3 + random.nextGaussian()), random.nextFloat());
        }
        return new MatrixFactorModel(id, table.build(), prior(dimension, random), 0.2 + random.nextDouble());
    }

    /** A computed model over arrays of {@code length} numbers. */
    public static LinearModel linear(ModelVersion id, int length, RandomGenerator random) {
        LinearInputs inputs = LinearInputs.array(length);
        return new LinearModel(id, inputs, prior(inputs.dimension(), random), 0.2 + random.nextDouble());
    }

    private static Prior prior(int dimension, RandomGenerator random) {
        double[] mean = new double[dimension];
        double[][] root = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            mean[i] = random.nextGaussian();
            for (int j = 0; j < dimension; j++) {
                root[i][j] = random.nextGaussian();
            }
        }
        return switch (random.nextInt(3)) {
            case 0 -> Prior.zero(dimension, 0.1 + random.nextDouble());
            case 1 -> Prior.mean(mean, 0.1 + random.nextDouble());
            default -> Prior.gaussian(mean, packedSquare(root));
        };
    }

    /** R Rᵀ + I/10, lower triangle row by row. */
    private static double[] packedSquare(double[][] root) {
        int d = root.length;
        double[] packed = new double[d * (d + 1) / 2];
        for (int i = 0, k = 0; i < d; i++) {
            for (int j = 0; j <= i; j++, k++) {
                for (int l = 0; l < d; l++) {
                    packed[k] += root[i][l] * root[j][l];
                }
                packed[k] += i == j ? 0.1 : 0;
            }
        }
        return packed;
    }
}

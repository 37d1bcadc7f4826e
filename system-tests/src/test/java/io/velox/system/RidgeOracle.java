package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ridge solution of a user's weights, computed from nothing but what the API returns: history, features, offsets, prior, noise.
 *
 * <p>Solves {@code (I + S G) w = m + S h} with {@code G = Σ f fᵀ/(σ²+τ)} and {@code h = Σ f (y−o)/(σ²+τ)} by Gaussian elimination, which
 * needs no inverse of the prior's covariance S. Safe for use from any thread.
 */
final class RidgeOracle {
    private final Api api;
    private final String model;
    private final int version;
    private final double[] mean;
    private final double[][] covariance;
    private final double noise;
    private final Map<String, Optional<JsonNode>> items = new ConcurrentHashMap<>();

    RidgeOracle(Api api, String model, int version) {
        this.api = api;
        this.model = model;
        this.version = version;
        JsonNode manifest =
                api.get("/v1/models/" + model + "/versions/" + version).ok();
        this.mean = vector(manifest.at("/prior/mean"));
        this.covariance = new double[mean.length][];
        for (int i = 0; i < mean.length; i++) {
            covariance[i] = vector(manifest.at("/prior/covariance").get(i));
        }
        this.noise = manifest.get("noise").asDouble();
    }

    /** The item's features, offset and noise as the API tells them; empty for one that the version does not know or understand. */
    Optional<JsonNode> item(String id) {
        return items.computeIfAbsent(id, key -> {
            Answer answer = api.get("/v1/models/" + model + "/items/" + Api.encode(key) + "?version=" + version);
            boolean isOfItem = answer.json().path("field").asText().equals("item");
            return answer.status() != 200 && isOfItem ? Optional.empty() : Optional.of(answer.ok());
        });
    }

    /** The weights that follow from a history as {@code GET /v1/users/{uid}} returns it, without what it marks as superseded. */
    double[] weights(JsonNode history) {
        int d = mean.length;
        double[][] gram = new double[d][d];
        double[] moment = new double[d];
        for (JsonNode entry : history) {
            if (!isSuperseded(entry)) {
                item(key(entry)).ifPresent(item -> add(item, entry.get("label").asDouble(), gram, moment));
            }
        }
        double[][] left = multiply(covariance, gram);
        double[] right = mean.clone();
        for (int i = 0; i < d; i++) {
            left[i][i] += 1;
            for (int j = 0; j < d; j++) {
                right[i] += covariance[i][j] * moment[j];
            }
        }
        return solve(left, right);
    }

    double score(String id, double[] weights) {
        JsonNode item = item(id).orElseThrow();
        double[] f = vector(item.get("features"));
        double score = item.get("offset").asDouble();
        for (int i = 0; i < f.length; i++) {
            score += weights[i] * f[i];
        }
        return score;
    }

    int learnt(JsonNode history) {
        int count = 0;
        for (JsonNode entry : history) {
            if (!isSuperseded(entry) && item(key(entry)).isPresent()) {
                count++;
            }
        }
        return count;
    }

    private static boolean isSuperseded(JsonNode entry) {
        return entry.path("superseded").asBoolean();
    }

    /** The item's id, or the JSON of its data: what a path names it by. */
    private static String key(JsonNode entry) {
        JsonNode item = entry.get("item");
        return item.isTextual() ? item.asText() : item.toString();
    }

    static double[] vector(JsonNode array) {
        double[] vector = new double[array.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = array.get(i).asDouble();
        }
        return vector;
    }

    private void add(JsonNode item, double label, double[][] gram, double[] moment) {
        double[] f = vector(item.get("features"));
        double weight = 1 / (noise + item.get("noise").asDouble());
        double target = weight * (label - item.get("offset").asDouble());
        for (int i = 0; i < f.length; i++) {
            moment[i] += target * f[i];
            for (int j = 0; j < f.length; j++) {
                gram[i][j] += weight * f[i] * f[j];
            }
        }
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        int d = a.length;
        double[][] product = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < d; k++) {
                for (int j = 0; j < d; j++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    /** Gaussian elimination with partial pivoting; overwrites its arguments. */
    private static double[] solve(double[][] a, double[] b) {
        int d = b.length;
        for (int column = 0; column < d; column++) {
            int pivot = column;
            for (int row = column + 1; row < d; row++) {
                pivot = Math.abs(a[row][column]) > Math.abs(a[pivot][column]) ? row : pivot;
            }
            double[] swappedRow = a[column];
            a[column] = a[pivot];
            a[pivot] = swappedRow;
            double swapped = b[column];
            b[column] = b[pivot];
            b[pivot] = swapped;
            for (int row = column + 1; row < d; row++) {
                double factor = a[row][column] / a[column][column];
                b[row] -= factor * b[column];
                for (int k = column; k < d; k++) {
                    a[row][k] -= factor * a[column][k];
                }
            }
        }
        for (int row = d - 1; row >= 0; row--) {
            for (int k = row + 1; k < d; k++) {
                b[row] -= a[row][k] * b[k];
            }
            b[row] /= a[row][row];
        }
        return b;
    }
}

package io.velox.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {
    @TempDir
    private Path folder;

    @Test
    void severalPlotsAreOnePicture() throws Exception {
        Plot lines = new Plot("lines", "s", "MiB")
                .line("a", new double[] {0, 1}, new double[] {2, 3})
                .mark("here", 0.5);
        Plot intervals = new Plot("intervals", "%", "1/s")
                .intervals("b", new double[] {10, 100}, List.of(figure(5, 4, 7), figure(9, 9, 9)));
        Plot bands = new Plot("bands", "ratings", "RMSE").from(0.5).to(3);
        for (int i = 0; i < 8; i++) {
            bands.band("band " + i, new double[] {0, 1}, List.of(new Estimate(1, 1, 1, 2), new Estimate(2, 1, 4, 2)));
        }
        Path file = folder.resolve("plots.png");

        Plot.write(file, List.of(lines, intervals, bands));

        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isGreaterThan(1_000);
        assertThat(picture.getHeight()).isGreaterThan(500);
    }

    private static Figure figure(double value, double low, double high) {
        return new Figure("rate" + value, "1/s", value, low, high, 3);
    }
}

package io.velox.bench.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of lines over one axis, with 0 at the foot; drawn without a display. */
public final class Plot {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;

    private static final Color[] MARKS = {Color.GRAY, Color.ORANGE, Color.RED, Color.MAGENTA, Color.BLACK};

    private final XYChart chart;
    private double top;
    private int marks;

    /** An empty picture; {@code x} and {@code y} name the axes with their units. */
    public Plot(String title, String x, String y) {
        System.setProperty("java.awt.headless", "true");
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisDecimalPattern("#,##0.###");
        chart.getStyler().setXAxisDecimalPattern("#,##0.##");
    }

    /** Adds a line through at least one point. */
    public Plot line(String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(x.length > 20 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        top = Math.max(top, Arrays.stream(y).max().orElse(0));
        return this;
    }

    /** Marks a place on the axis by an upright line, as high as the highest point of the lines so far. */
    public Plot mark(String name, double x) {
        XYSeries series = chart.addSeries(name, new double[] {x, x}, new double[] {0, top});
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(MARKS[marks++ % MARKS.length]);
        series.setLineStyle(SeriesLines.DASH_DASH);
        return this;
    }

    /** Adds a line through values, between those through both ends of their intervals. */
    public Plot intervals(String name, double[] x, List<Figure> figures) {
        line(name, x, figures.stream().mapToDouble(Figure::value).toArray());
        bound("low", x, figures.stream().mapToDouble(Figure::low).toArray());
        bound("high", x, figures.stream().mapToDouble(Figure::high).toArray());
        return this;
    }

    private void bound(String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(Color.GRAY);
        series.setLineStyle(SeriesLines.DASH_DASH);
    }

    /** Writes plots as one PNG, two to a row. */
    public static void write(Path file, List<Plot> plots) throws IOException {
        int columns = Math.min(2, plots.size());
        int rows = (plots.size() + columns - 1) / columns;
        BufferedImage picture = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        for (int i = 0; i < plots.size(); i++) {
            BufferedImage plot = BitmapEncoder.getBufferedImage(plots.get(i).chart);
            graphics.drawImage(plot, i % columns * WIDTH, i / columns * HEIGHT, null);
        }
        graphics.dispose();
        ImageIO.write(picture, "png", file.toFile());
    }
}

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

/** A picture of lines over one axis, with 0 at the foot unless it is moved; drawn without a display. */
public final class Plot {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;

    private static final Color[] MARKS = {Color.GRAY, Color.ORANGE, Color.RED, Color.MAGENTA, Color.BLACK};

    private static final Color[] COLOURS = {
        new Color(0x1F77B4),
        new Color(0xFF7F0E),
        new Color(0x2CA02C),
        new Color(0xD62728),
        new Color(0x9467BD),
        new Color(0x8C564B),
        new Color(0x17BECF)
    };
    private static final int BAND_ALPHA = 50;
    private static final int MOST_IN_A_ROW = 4;

    private final XYChart chart;
    private double top;
    private int marks;
    private int bands;

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

    /** Moves the foot of the picture from 0 to another {@code y}, where lines lie close together and far from 0. */
    public Plot from(double y) {
        chart.getStyler().setYAxisMin(y);
        return this;
    }

    /** Ends the picture at some {@code y}; lines above it leave it. */
    public Plot to(double y) {
        chart.getStyler().setYAxisMax(y);
        return this;
    }

    /** Adds a line through at least one point. */
    public Plot line(String name, double[] x, double[] y) {
        XYSeries unused = add(name, x, y);
        return this;
    }

    private XYSeries add(String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(x.length > 20 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        top = Math.max(top, Arrays.stream(y).max().orElse(0));
        return series;
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

    /** Adds a line through values, on a band of its own colour between both ends of their intervals; a picture may have several. */
    public Plot band(String name, double[] x, List<Estimate> estimates) {
        int n = x.length;
        double[] around = new double[2 * n];
        double[] ends = new double[2 * n];
        for (int i = 0; i < n; i++) {
            around[i] = x[i];
            ends[i] = estimates.get(i).low();
            around[2 * n - 1 - i] = x[i];
            ends[2 * n - 1 - i] = estimates.get(i).high();
        }
        Color colour = COLOURS[bands++ % COLOURS.length];
        XYSeries area = chart.addSeries(name + ", interval", around, ends);
        area.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        area.setMarker(SeriesMarkers.NONE);
        area.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_ALPHA));
        area.setLineColor(new Color(0, 0, 0, 0));
        area.setShowInLegend(false);
        XYSeries line =
                add(name, x, estimates.stream().mapToDouble(Estimate::value).toArray());
        line.setLineColor(colour);
        line.setLineStyle(SeriesLines.SOLID);
        line.setMarkerColor(colour);
        if (bands > MOST_IN_A_ROW) {
            chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
            chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
        }
        return this;
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

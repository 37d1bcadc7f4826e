package io.velox.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
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

    private final XYChart chart;

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
        String name = file.toString().replaceFirst("\\.png$", "");
        List<XYChart> charts = new ArrayList<>();
        plots.forEach(plot -> charts.add(plot.chart));
        if (charts.size() == 1) {
            BitmapEncoder.saveBitmap(charts.get(0), name, BitmapFormat.PNG);
        } else {
            BitmapEncoder.saveBitmap(charts, (charts.size() + 1) / 2, 2, name, BitmapFormat.PNG);
        }
    }
}

package io.velox.client.cli;

import io.velox.client.ratings.RatingColumns;
import io.velox.client.ratings.RatingOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a command line says of the layout of a file of ratings. */
public final class RatingArguments {
    @Option(
            names = "--columns",
            paramLabel = "FIELD=COLUMN,...",
            converter = ColumnsConverter.class,
            description = {
                "Which column or JSON field is uid, item, label, timestamp, id, by its name or its number from 1; - leaves out timestamp"
                        + " or id. What is not given is found by its name.",
                "Example: uid=user_id,item=isbn,label=score,timestamp=-"
            })
    private @Nullable RatingColumns columns;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            description = "Between columns, tab for instance, or ';' (default: told from the first line).")
    private @Nullable String separator;

    @Option(
            names = "--no-header",
            description = "The first line is data already; --columns gives the numbers of the columns then.")
    private boolean hasNoHeader;

    @Option(
            names = "--entry",
            paramLabel = "NAME",
            description =
                    "The file to read in a zip file or folder (default: ratings.csv, ratings.dat or u.data, or the only one).")
    private @Nullable String entry;

    /** What was said; where nothing was, all is told from the file. */
    public RatingOptions options() {
        return new RatingOptions(
                columns == null ? RatingColumns.byName() : columns,
                Optional.ofNullable(separator).map(text -> text.equals("tab") || text.equals("\\t") ? "\t" : text),
                hasNoHeader,
                Optional.ofNullable(entry));
    }

    private static final class ColumnsConverter implements ITypeConverter<RatingColumns> {
        @Override
        public RatingColumns convert(String text) {
            try {
                return RatingColumns.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}

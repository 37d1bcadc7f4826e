package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveFileTest {
    private static final LocalDate DATE = LocalDate.of(2024, 2, 29);

    @Test
    void isReadFromTheAddressThatItGives() {
        Random random = Seeds.random("archiveFile");
        for (int trial = 0; trial < 500; trial++) {
            long first = random.nextLong(1_000_000_000_000_000_000L);
            long last = first + random.nextLong(1_000_000_000_000_000_000L - first);
            ArchiveFile file = new ArchiveFile(
                    DATE.plusDays(random.nextInt(10_000)),
                    random.nextInt(1_000_000),
                    random.nextInt(1000),
                    first,
                    last);
            String[] path = file.address().split("/", -1);
            assertThat(path[0]).isEqualTo(ArchiveFile.FOLDER);
            assertThat(ArchiveFile.parse(path[1], path[2])).contains(file);
        }
    }

    @Test
    void theNameSortsByOffsetInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(new ArchiveFile(DATE, 0, 2, 7, 1841).address())
                    .isEqualTo("observations/2024-02-29/0-2-000000000000000007-000000000000001841.parquet");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, .0-2-000000000000000007-000000000000001841.parquet",
        "2024-02-29, 0-2-7-1841.parquet",
        "2024-02-29, 0-2-000000000000000007-000000000000001841.parquet.crc",
        "2024-02-29, 0-2-000000000000000007-000000000000000006.parquet",
        "2024-02-29, 9999999999-2-000000000000000007-000000000000001841.parquet",
        "2024-02-30, 0-2-000000000000000007-000000000000001841.parquet",
        "yesterday, 0-2-000000000000000007-000000000000001841.parquet",
        "2024-02-29, _SUCCESS"
    })
    void filesOfAnotherFormArePassedOver(String folder, String name) {
        assertThat(ArchiveFile.parse(folder, name)).isEmpty();
    }

    @Test
    void whatCannotBeNamedIsRefused() {
        assertThatThrownBy(() -> new ArchiveFile(DATE, 0, 0, 5, 4)).hasMessageContaining("but got 5 and 4");
        assertThatThrownBy(() -> new ArchiveFile(DATE, 0, 0, -1, 4)).hasMessageContaining("but got -1 and 4");
        assertThatThrownBy(() -> new ArchiveFile(DATE, 0, 0, 0, 1_000_000_000_000_000_000L))
                .hasMessageContaining("10¹⁸");
        assertThatThrownBy(() -> new ArchiveFile(DATE, -1, 0, 0, 0)).hasMessageContaining("epoch");
    }
}

package io.velox.bench.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HitRatesTest {
    @Test
    void onlyLookupsBetweenTheMomentsCount() {
        HitRates rates = new HitRates();
        rates.add(0, 0, 100);
        rates.add(60, 90, 110);
        rates.add(120, 100, 200);
        assertThat(rates.between(0.2, 59.5)).isEqualTo(new HitRates.Rate(0.9, 100));
        assertThat(rates.between(60, 120)).isEqualTo(new HitRates.Rate(0.1, 100));
        assertThat(rates.between(60, 61).value()).isNaN();
    }
}

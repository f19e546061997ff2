// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUrlTest {
    @Test
    @DisplayName("BAD-01 a URL is scheme, rest and options, jdbc: in front or not")
    void parts() {
        StoreUrl url = StoreUrl.parse("jdbc:SQLite:data/a b.db?namespace=a%26b&page-bytes=2048&on-weak=refuse");

        StoreOptions options = StoreOptions.from(url).build();

        assertThat(url.scheme()).isEqualTo("sqlite");
        assertThat(url.rest()).isEqualTo("data/a b.db");
        assertThat(options.namespace()).isEqualTo("a&b");
        assertThat(options.pageBytes()).isEqualTo(2048);
        assertThat(options.onWeak()).isEqualTo(OnWeak.REFUSE);
        url.requireNoMore("none");
    }

    @ParameterizedTest
    @CsvSource({"200ms,PT0.2S", "10s,PT10S", "5m,PT5M", "1h,PT1H", "7d,P7D", "PT1M30S,PT1M30S"})
    @DisplayName("BAD-01 durations are read in the usual forms")
    void durations(String text, Duration wanted) {
        assertThat(StoreUrl.parse("x:y?t=" + text).takeDuration("t")).contains(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fence-time=soon", "page-bytes=many", "on-weak=shrug", "fence-time=0ms", "page-bytes=1"})
    @DisplayName("BAD-01 a value that does not fit is refused, naming the option and what it takes")
    void badValues(String option) {
        StoreUrl url = StoreUrl.parse("x:y?" + option);

        assertThatThrownBy(() -> StoreOptions.from(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option.substring(0, option.indexOf('='))
                        .replace('-', ' ')
                        .substring(0, 2));
    }

    @Test
    @DisplayName("BAD-01 an unknown option is refused, naming it and the known ones; so is one given twice")
    void unknownOption() {
        StoreUrl url = StoreUrl.parse("x:y?nmaespace=a");

        assertThatThrownBy(() -> url.requireNoMore("namespace"))
                .hasMessageContaining("nmaespace")
                .hasMessageContaining("known are namespace");
        assertThatThrownBy(() -> StoreUrl.parse("x:y?a=1&a=2")).hasMessageContaining("option a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.db", "", ":x", "1x:y", "secret.db"})
    @DisplayName("BAD-04 what has no scheme is refused, and never shown: it may hold a password")
    void noScheme(String text) {
        assertThatThrownBy(() -> StoreUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThat(StoreUrl.parse("postgresql://me:secret@host/db").toString()).isEqualTo("postgresql:…");
    }
}

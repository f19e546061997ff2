// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
    private static final RunQuery QUERY = RunQuery.all().prefix("a").build();
    private static final PageToken TOKEN =
            new PageToken(Instant.ofEpochMilli(1_893_456_000_123L), "run \ud83d\ude00 7");

    @Test
    @DisplayName("LIST-04 a token comes back equal, for any page size and whatever page came before")
    void comesBackEqual() {
        String text = TOKEN.encode("space", QUERY);
        RunQuery otherPage = RunQuery.all().prefix("a").limit(7).after(text).build();

        assertThat(PageToken.decode(text, "space", otherPage)).isEqualTo(TOKEN);
        assertThat(text).matches("[A-Za-z0-9_-]+");
    }

    @Test
    @DisplayName("LIST-04 a token of another namespace or query is refused")
    void foreign() {
        String text = TOKEN.encode("space", QUERY);

        assertThatThrownBy(() -> PageToken.decode(text, "other", QUERY)).hasMessageContaining("another namespace");
        assertThatThrownBy(() -> PageToken.decode(text, "space", RunQuery.all().build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another namespace or query");
    }

    @Test
    @DisplayName("LIST-04 a token with any sign changed or cut is refused")
    void damaged() {
        String text = TOKEN.encode("space", QUERY);
        for (int i = 0; i < text.length(); i++) {
            // The last sign holds spare bits, which are no damage to what the token says.
            String changed = text.substring(0, i) + (text.charAt(i) == 'A' ? 'z' : 'A') + text.substring(i + 1);
            String cut = text.substring(0, i);

            if (i < text.length() - 1) {
                assertThatThrownBy(() -> PageToken.decode(changed, "space", QUERY))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> PageToken.decode(cut, "space", QUERY))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    @DisplayName("LIST-04 what never was a token is refused")
    void neverWas(String text) {
        assertThatThrownBy(() -> PageToken.decode(text, "space", QUERY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begin without");
    }
}

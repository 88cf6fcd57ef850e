// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImportPolicyTest {
    @Test
    void shouldCoverWholeComponentsOnly() {
        ImportPolicy policy =
                new ImportPolicy(List.of("com.acme", "org.x.Facts", "app.properties", "META-INF"), List.of());

        assertTrue(isRefused(policy, "com/acme/Facts.class"));
        assertTrue(isRefused(policy, "com/acme/deep/er.txt"));
        assertFalse(isRefused(policy, "com/acmex/Facts.class"));
        assertTrue(isRefused(policy, "org/x/Facts.class"));
        assertTrue(isRefused(policy, "org/x/Facts$Inner.class"));
        assertFalse(isRefused(policy, "org/x/FactsTest.class"));
        assertTrue(isRefused(policy, "app.properties"));
        assertTrue(isRefused(policy, "META-INF/services/a.B"));
        assertFalse(isRefused(policy, "com/other/META-INF"));
    }

    @Test
    void shouldDenyTheVersionsThatAJarHasForLaterJavasToo() {
        ImportPolicy policy = new ImportPolicy(List.of("com.acme.secret", "app.properties"), List.of());

        assertTrue(isRefused(policy, "META-INF/versions/17/com/acme/secret/Key.class"));
        assertTrue(isRefused(policy, "META-INF/versions/9/app.properties"));
        assertFalse(isRefused(policy, "META-INF/versions/17/com/acme/Facts.class"));
        assertFalse(isRefused(policy, "META-INF/versions/17"));
    }

    @Test
    void shouldNeedNoAllowRuleForWhatAParentIsMadeOf() {
        ImportPolicy policy = new ImportPolicy(List.of("io.mitogen.connect"), List.of("com.acme"));

        assertFalse(isRefused(policy, "io/mitogen/parent/Parenthood.class"));
        assertFalse(isRefused(policy, "META-INF/mitogen/parent.classes"));
        assertFalse(isRefused(policy, ShippedLibrary.REST_PATH));
        assertTrue(isRefused(policy, "io/mitogen/connect/Local.class"), "denied all the same");
        assertTrue(isRefused(policy, "META-INF/other"));
    }

    @Test
    void shouldLetDenyWinOverAllow() {
        ImportPolicy policy = new ImportPolicy(List.of("com.acme.secret"), List.of("com.acme"));

        assertFalse(isRefused(policy, "com/acme/Facts.class"));
        assertEquals(
                "the master denies com.acme.secret.Key by its rule \"com.acme.secret\"",
                policy.refusal("com/acme/secret/Key.class").orElseThrow());
        assertEquals(
                "the master allows only [com.acme], and none of these covers org.x.Facts",
                policy.refusal("org/x/Facts.class").orElseThrow());
    }

    @Test
    void shouldRefuseRulesThatCannotMeanWhatTheySay() {
        for (String rule : List.of("", " ", "com.acme.", "com.acme.*", "com/acme/")) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> new ImportPolicy(List.of(rule), List.of()), rule);
            assertTrue(e.getMessage().contains("\"" + rule + "\""), e.getMessage());
        }
    }

    private static boolean isRefused(ImportPolicy policy, String path) {
        return policy.refusal(path).isPresent();
    }
}

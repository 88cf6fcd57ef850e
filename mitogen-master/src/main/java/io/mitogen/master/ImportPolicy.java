// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import io.mitogen.parent.Bundle;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which classes and resources of the master contexts may have. A rule is a class name, a package, or a resource path:
 * {@code com.acme} covers all below that package and {@code com.acme.Facts} that class with its nested ones, but neither
 * covers {@code com.acmex}. A deny rule wins over every allow rule; without allow rules everything not denied is allowed.
 * This library's own classes need no allow rule. An allow rule also lets go files that the master keeps by default: hidden files
 * and links if it names them, and files outside of packages in a working or home folder on the class path.
 *
 * @param deny what contexts never get
 * @param allow when not empty, the only things that contexts get
 */
public record ImportPolicy(List<String> deny, List<String> allow) {
    /** Allows all files that are not kept by default. */
    public static final ImportPolicy ALLOW_ALL = new ImportPolicy(List.of(), List.of());

    /**
     * Prefixes for versions of a multi-release jar, and for the classes of executable jars. Rules apply to the path behind them,
     * so that no request gets around a rule.
     */
    private static final Pattern VERSIONED = Pattern.compile("((BOOT|WEB)-INF/classes/)?(META-INF/versions/\\d+/)?");

    /** Refuses empty rules, which would cover everything. */
    public ImportPolicy {
        deny = List.copyOf(deny);
        allow = List.copyOf(allow);
        deny.forEach(ImportPolicy::checkRule);
        allow.forEach(ImportPolicy::checkRule);
    }

    /** Returns why contexts may not have {@code path}, or empty when they may. */
    Optional<String> refusal(String path) {
        Matcher versioned = VERSIONED.matcher(path);
        String plain = versioned.lookingAt() ? path.substring(versioned.end()) : path;
        for (String rule : deny) {
            if (covers(rule, path) || covers(rule, plain)) {
                return Optional.of("the master denies " + ClassImage.nameOf(path) + " by its rule \"" + rule + "\"");
            }
        }
        if (allow.isEmpty() || isOwn(path) || allow.stream().anyMatch(rule -> covers(rule, path))) {
            return Optional.empty();
        }
        return Optional.of("the master allows only " + allow + ", and none of these covers " + ClassImage.nameOf(path));
    }

    /** Tells whether an allow rule of at least {@code least} characters covers {@code path}. */
    boolean names(String path, int least) {
        return allow.stream().anyMatch(rule -> rule.length() >= least && covers(rule, path));
    }

    /** Tells whether {@code path} is not denied and a rule allows something below it. */
    boolean leadsTo(String path) {
        String folder = path + "/";
        return deny.stream().noneMatch(rule -> covers(rule, path))
                && allow.stream()
                        .anyMatch(rule -> rule.startsWith(folder)
                                || rule.replace('.', '/').startsWith(folder));
    }

    /** Tells what contexts need to call others and to have children of their own. */
    private static boolean isOwn(String path) {
        return path.startsWith("io/mitogen/")
                || path.equals(Bundle.LIST)
                || path.equals(ShippedLibrary.REST_PATH)
                || path.equals(ShippedLibrary.URLS_PATH);
    }

    private static boolean covers(String rule, String path) {
        return startsWithWhole(path, rule.replace('.', '/')) || startsWithWhole(path, rule);
    }

    private static boolean startsWithWhole(String path, String prefix) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || "/.$".indexOf(path.charAt(prefix.length())) >= 0);
    }

    private static void checkRule(String rule) {
        if (rule.isBlank() || rule.endsWith(".") || rule.endsWith("*") || rule.endsWith("/")) {
            throw new IllegalArgumentException("import rule \"" + rule
                    + "\": want a class, a package or a path, without a star or dot at the end");
        }
    }
}

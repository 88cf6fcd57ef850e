// SPDX-License-Identifier: BSD-3-Clause
package com.acme.urls;

import java.io.StringReader;
import java.io.StringWriter;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLStreamHandlerFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.XMLConstants;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;

/** What libraries do with the URLs of resources. Runs in contexts. */
public final class UrlActs {
    private UrlActs() {}

    /** Validates with a schema that includes another, and transforms with a style sheet that does. */
    public static String includeXml() throws Exception {
        URL schema = UrlActs.class.getResource("order.xsd");
        String order = "<order><item>7</item></order>";
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(schema)
                .newValidator()
                .validate(new StreamSource(new StringReader(order)));
        StringWriter out = new StringWriter();
        TransformerFactory.newInstance()
                .newTransformer(
                        new StreamSource(UrlActs.class.getResource("order.xsl").toString()))
                .transform(new StreamSource(new StringReader(order)), new StreamResult(out));
        return out.toString();
    }

    /** Reads a resource by the text of its URL, here and on a thread of the JDK, before and after the program sets its factory. */
    public static List<Long> readByText() throws Exception {
        String text = UrlActs.class.getResource("order.xsd").toString();
        List<Long> lengths = new ArrayList<>(List.of(length(text)));
        URLStreamHandlerFactory own = protocol -> null;
        URL.setURLStreamHandlerFactory(own);
        lengths.add(length(text));
        lengths.add(CompletableFuture.supplyAsync(() -> length(text)).get());
        return lengths;
    }

    /** Reads a resource by the text of its URL. */
    public static long length(String text) {
        try (java.io.InputStream in = new URL(text).openStream()) {
            return in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Returns the length of this resource, read once by its URL and once by the text of that. */
    public static List<Long> lengths(String path) throws Exception {
        URL url = UrlActs.class.getClassLoader().getResource(path);
        try (java.io.InputStream in = url.openStream()) {
            return List.of(in.transferTo(java.io.OutputStream.nullOutputStream()), length(url.toString()));
        }
    }

    /** Returns the files below this package, found as Spring finds them, and opened by the texts of their URLs. */
    public static List<String> scan() throws Exception {
        List<String> names = new ArrayList<>();
        for (URL root : Collections.list(UrlActs.class.getClassLoader().getResources("com/acme/urls/"))) {
            JarURLConnection connection = (JarURLConnection) root.openConnection();
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry each : Collections.list(jar.entries())) {
                    if (!each.isDirectory()) {
                        String relative = each.getName()
                                .substring(connection.getEntryName().length());
                        names.add(relative + " " + (length(root + relative) > 0));
                    }
                }
            }
        }
        return names;
    }
}

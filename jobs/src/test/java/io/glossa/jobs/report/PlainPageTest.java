package io.glossa.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What people wrote is text on a page, whatever they wrote. */
class PlainPageTest {
    private static final String WILD = "<script>alert(\"1\")</script> & 'x'\u0000";

    @Test
    void markupIsText() throws Exception {
        String html = new PlainPage(WILD)
                .heading(WILD)
                .text(WILD)
                .list(List.of(WILD), "")
                .table(List.of(List.of(WILD, "b"), List.of(WILD, WILD)), "")
                .list(List.of(), WILD)
                .html();

        assertThat(html).doesNotContain("<script>");
        DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
        Document page =
                xml.newDocumentBuilder().parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
        String plain = WILD.replace("\u0000", "");
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo(plain);
        assertThat(page.getElementsByTagName("td").item(0).getTextContent()).isEqualTo(plain);
        assertThat(page.getElementsByTagName("li").item(0).getTextContent()).isEqualTo(plain);
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
    }
}

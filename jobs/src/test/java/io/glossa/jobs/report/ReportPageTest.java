package io.glossa.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final Pattern LOADS =
            Pattern.compile("(?i)(https?:)?//[^\\s\"']+|@import|url\\(|<link|<script|<iframe|<object|srcset");

    private final String page = ReportPage.html(SampleReport.of(), SampleReport.spectrograms());

    @Test
    void isWellFormedAndLoadsNothing() throws Exception {
        Document document = parse(page);

        assertThat(sources(document)).isNotEmpty().allMatch(source -> source.startsWith("data:image/png;base64,"));
        String withoutText = page.replaceAll("&lt;.*?&gt;", "").replaceAll("base64,[A-Za-z0-9+/=]+", "");
        assertThat(LOADS.matcher(withoutText).results().map(found -> found.group()))
                .isEmpty();
    }

    @Test
    void fitsLightDarkAndPhones() {
        assertThat(page)
                .contains("width=device-width")
                .contains("prefers-color-scheme: dark")
                .contains("max-width: 700px")
                .contains("class=\"wide\"")
                .contains("class=\"narrow\"");
    }

    @Test
    void saysPlainlyWhatDoesNotBeatWhat() {
        assertThat(page)
                .contains("<b>b beats a.</b>")
                .contains("<b>c does not beat b.</b>")
                .contains("Likely cause: few hours of unlabelled speech.")
                .contains("<b>d against c: too few to tell.</b>")
                .contains("Of 0.35 hours only 0.01 got a label.")
                .doesNotContain("d beats c");
    }

    @Test
    void countsPassesOverTheWholeLifeOfTheWeights() {
        assertThat(page).contains("4 + 22").contains("audio seen");
    }

    @Test
    void namesVoicesLicencesRejectsAndLanguages() {
        assertThat(page).contains("Allison Smith", "CC-BY-SA-3.0", "not-audio", "notes.wav", "truncated (1)");
        for (String lang : List.of("en", "es", "fr", "it", "ru")) {
            assertThat(page).contains("<th scope=\"row\">" + lang + "</th>");
        }
    }

    @Test
    void curvesOfStreamsAreMarkedByTheirOwnNames() {
        String chart = page.substring(page.indexOf("<figcaption>Loss of each stream:"));
        assertThat(chart.substring(0, chart.indexOf("</figcaption>")))
                .containsSubsequence("mark m0", " paired", "mark m1", " text");
    }

    @Test
    void picturesArePngsOfTheRightSize() throws Exception {
        String source = sources(parse(page)).get(0);
        byte[] png = Base64.getDecoder().decode(source.substring(source.indexOf(',') + 1));

        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(420);
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getHeight()).isEqualTo(128);
    }

    @Test
    void aRunWithoutModelsIsStillAPage() throws Exception {
        Report full = SampleReport.of();
        Report empty = new Report(
                full.title(),
                full.created(),
                full.version(),
                full.machine(),
                1,
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());

        assertThat(parse(ReportPage.html(empty, Map.of()))
                        .getElementsByTagName("h1")
                        .getLength())
                .isEqualTo(1);
    }

    @Test
    void marksJustTheWrongCharacters() {
        assertThat(Examples.diff("please", "plese")).isEqualTo("ple<i class=\"gap\">‸</i>se");
        assertThat(Examples.diff("the end", "teh and")).contains("<mark>").doesNotContain("<mark>nd");
        assertThat(Examples.diff("a", "<a")).isEqualTo("<mark>&lt;</mark>a");
        assertThat(Examples.diff("same", "same")).isEqualTo("same");
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    private static List<String> sources(Document document) {
        NodeList images = document.getElementsByTagName("img");
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < images.getLength(); i++) {
            sources.add(((Element) images.item(i)).getAttribute("src"));
        }
        return sources;
    }
}

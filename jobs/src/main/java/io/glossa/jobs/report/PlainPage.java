package io.glossa.jobs.report;

import java.util.List;

/** A page of headings, sentences and tables, in the style of the report: self-contained, and all its text escaped. */
public final class PlainPage {
    private final Html page = new Html();

    /** Begins one with its title. */
    public PlainPage(String title) {
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\"/>\n");
        page.add("<title>Glossa: %s</title>\n", title);
        page.raw("<style>\n" + ReportPage.styleSheet() + "</style>\n</head>\n<body>\n<main>\n");
        page.add("<header>\n<p class=\"kicker\">Glossa</p>\n<h1>%s</h1>\n</header>\n", title);
    }

    /** A heading. */
    public PlainPage heading(String text) {
        page.add("<h2>%s</h2>\n", text);
        return this;
    }

    /** A sentence. */
    public PlainPage text(String text) {
        page.add("<p>%s</p>\n", text);
        return this;
    }

    /** Sentences as a list. */
    public PlainPage list(List<String> texts, String ifEmpty) {
        if (texts.isEmpty()) {
            return text(ifEmpty);
        }
        page.raw("<ul>\n");
        texts.forEach(text -> page.add("<li>%s</li>\n", text));
        page.raw("</ul>\n");
        return this;
    }

    /**
     * A table.
     *
     * @param rows the first one holds the columns' names; all columns hold words
     */
    public PlainPage table(List<List<String>> rows, String ifEmpty) {
        String[] heads = rows.get(0).toArray(String[]::new);
        Table table = new Table(heads.length, heads);
        rows.subList(1, rows.size()).forEach(row -> table.row(row.toArray(String[]::new)));
        page.raw(table.html(ifEmpty));
        return this;
    }

    /** The whole of it. */
    public String html() {
        return page + "</main>\n</body>\n</html>\n";
    }
}

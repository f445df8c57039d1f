package io.glossa.jobs.report;

import java.util.ArrayList;
import java.util.List;

/** A table that scrolls sideways on a small screen. */
final class Table {
    private final List<String> heads;
    private final int wordColumns;
    private final List<String> rows = new ArrayList<>();

    /**
     * @param wordColumns how many columns from the left hold words; the others hold numbers and align right
     * @param heads the columns' names
     */
    Table(int wordColumns, String... heads) {
        this.heads = List.of(heads);
        this.wordColumns = wordColumns;
    }

    /** Adds a row of texts. */
    Table row(String... cells) {
        Html row = new Html().raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            String tag = i == 0 ? "th scope=\"row\"" : "td";
            row.raw("<" + tag + (i < wordColumns ? ">" : " class=\"number\">"))
                    .raw(Html.text(cells[i]))
                    .raw(i == 0 ? "</th>" : "</td>");
        }
        rows.add(row.raw("</tr>\n").toString());
        return this;
    }

    /** The table, or what is said where it has no rows. */
    String html(String ifEmpty) {
        if (rows.isEmpty()) {
            return new Html().add("<p>%s</p>\n", ifEmpty).toString();
        }
        Html html = new Html().raw("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
        for (int i = 0; i < heads.size(); i++) {
            html.raw(i < wordColumns ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"number\">")
                    .raw(Html.text(heads.get(i)))
                    .raw("</th>");
        }
        html.raw("</tr></thead>\n<tbody>\n");
        rows.forEach(html::raw);
        return html.raw("</tbody></table></div>\n").toString();
    }
}

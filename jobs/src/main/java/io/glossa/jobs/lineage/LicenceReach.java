package io.glossa.jobs.lineage;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether anything under a licence reaches a model.
 *
 * @param portions what does, each with its path
 * @param unknown what cannot be told, in sentences: where there is some, no portion does not mean that nothing does
 */
record LicenceReach(
        String licence, String model, String digest, boolean reaches, List<Portion> portions, List<String> unknown) {
    static LicenceReach of(Ancestry ancestry, String licence, Model model) {
        List<Portion> portions = Portion.of(ancestry, model).stream()
                .filter(portion -> portion.licence().equals(licence))
                .toList();
        return new LicenceReach(
                licence, model.name(), model.digest(), !portions.isEmpty(), portions, ancestry.unknown());
    }

    List<String> lines() {
        String unless = unknown.isEmpty() ? "" : " of what is known";
        List<String> lines = new ArrayList<>(List.of((reaches ? "yes: " : "no: ")
                + licence
                + (reaches ? " reaches " : " does not reach ")
                + model
                + (reaches ? "" : unless)));
        if (reaches) {
            lines.addAll(Contents.table(portions));
        }
        unknown.forEach(sentence -> lines.add("not known: " + sentence));
        return lines;
    }
}

package io.glossa.jobs.label;

import io.glossa.jobs.cli.Summary;
import io.glossa.nst.LabelSummary;
import io.glossa.nst.Teacher;

/**
 * What labelling made.
 *
 * @param labels counts and the filters' yields
 * @param teacher who labelled
 * @param alreadyDone whether there was nothing left to label
 */
public record LabelResult(LabelSummary labels, Teacher teacher, boolean alreadyDone, Summary summary) {}

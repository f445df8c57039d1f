/**
 * Which front end's features a job reads. A snapshot of features and what a model or a person asks for enter, one front end
 * leaves, or an error that lists those there are. State: the settings behind a digest are a property of the table features.
 */
package io.glossa.featurize.frontend;

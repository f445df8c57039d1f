/**
 * Files of sentences into the lake. Parts of files enter, which {@code TextLines} reads line by line; rows of sentences and rejects
 * leave. State lives in the lake.
 */
package io.glossa.featurize.text;

/**
 * Config records: text key-values enter, one small record per component leaves. No state.
 *
 * <p>Keys are the record's component names in kebab-case ({@code learningRate} is {@code learning-rate}).
 */
package io.glossa.config;

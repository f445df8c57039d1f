/** The one form of a text, for all that people wrote and all that a recogniser heard. Texts enter and leave. No state. */
package io.glossa.text;

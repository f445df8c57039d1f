/**
 * People's texts: bytes enter, and a text leaves in its one form, in which what a recogniser heard is compared with it. No
 * state.
 */
package io.glossa.text;

/** The one exception type of the project and who can mend it. Every module may import it. */
package io.glossa.error;

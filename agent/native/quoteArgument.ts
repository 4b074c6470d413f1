// Command lines as C programs of Windows read them.

/** As the C runtime of Windows splits a command line, which Wine does for programs of the host too. */
export const quoteArgument = (argument: string): string =>
  `"${argument.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;

/** What a process can be given as an argument. */
export const ARGUMENT = /^[^\0\p{Cs}]*$/u;
/** Characters of a text for the shell, or of one argument. */
export const MAX_ARGUMENT = 4096;
export const MAX_ARGUMENTS = 64;
/** What runs a command that is given as a text. */
export const SHELL: readonly string[] = ['/bin/sh', '-c'];

/** A valid process argument. */
export const ARGUMENT = /^[^\0\p{Cs}]*$/u;
/** Maximum characters of a shell command, or of one argument. */
export const MAX_ARGUMENT = 4096;
export const MAX_ARGUMENTS = 64;
/** Runs a command given as text. */
export const SHELL: readonly string[] = ['/bin/sh', '-c'];

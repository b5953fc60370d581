import { posix } from 'node:path';

/** Programs that are nothing but process 1. */
const INITS = ['init', 'systemd', 'runit', 'runit-init', 'openrc-init'];
/** Programs whose first argument is a script. */
const INTERPRETERS = /^(node|nodejs|bun|deno|python[\d.]*|ruby|perl|php)$/;
/** How init systems complain, each in its own words. */
const COMPLAINTS = [
  /\b(only|must|needs?|requires?|expect(s|ed)?|should|not|unless)\b.*\b(pid|process)[ -]*(is |be |no\.? ?|number |id )?[#=]?1\b/i,
  /\bpid\b\s*(must|has to|should|is not|isn't|!=|\d+ *!=).*\b1\b/i,
  /\bpid[\s:]*1\b.*\b(required|needed|expected)\b/i,
  /\b(as|to be|be init)\b[\s(]*pid[\s:]*1\b/i,
  /not been booted with/i,
];
/** A script that compares its own process id with 1. */
const COMPARISONS = [
  /(\$\$|\$\{\$\}|\$\{?BASHPID\}?|process\.pid|getpid\(\))["')} ]*(-eq|-ne|-gt|[!=]==?|=|>) *["'x]*1\b/,
  /\b1["']? *(-eq|-ne|[!=]==?|=) *["']?(\$\$|\$\{\$\}|process\.pid|os\.getpid)/,
  /\bcase +"?\$\$/,
];
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Returns whether one of the last lines of a program says that it runs only as process 1. */
export function complainsAboutProcess(lines: readonly string[]): boolean {
  return lines.some((line) => COMPLAINTS.some((complaint) => complaint.test(line)));
}

/** Returns whether a file runs only as process 1, by its content, or a program by its name. */
export function runsOnlyAsFirst(name: string, head: Buffer): boolean {
  if (head.subarray(0, ELF.length).equals(ELF)) return INITS.includes(posix.basename(name));
  const text = head.toString('latin1');
  return COMPARISONS.some((comparison) => comparison.test(text));
}

/** Returns the script that an interpreter is to run; undefined for other programs, and without a script. */
export function interpretedScript([name = '', ...args]: readonly string[]): string | undefined {
  if (!INTERPRETERS.test(posix.basename(name))) return undefined;
  return args.find((arg) => !arg.startsWith('-'));
}

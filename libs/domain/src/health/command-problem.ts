import { settingOf, type StartedPart } from './listener.js';

export const COMMAND_PROBLEMS = [
  'crlf',
  'interpreter-missing',
  'not-executable',
  'not-found',
  'shell-missing',
  'wrong-format',
  'needs-process-1',
] as const;

/** Why the command of a container cannot run. */
export interface CommandProblem {
  readonly kind: (typeof COMMAND_PROBLEMS)[number];
  /** The program or script, as the command or the script before it names it. */
  readonly file: string;
  /** What the file needs and the image lacks. */
  readonly interpreter: string | null;
}

/** Says what is wrong with a command and what to do, in one sentence. */
export function explainCommand(
  { kind, file, interpreter }: CommandProblem,
  part: StartedPart = 'app',
): string {
  const own = part === 'app' ? '' : 'its command, ';
  switch (kind) {
    case 'crlf':
      return `The script ${file} has CRLF line endings, which its interpreter does not understand: save it with LF, and add "* text=auto eol=lf" to .gitattributes.`;
    case 'interpreter-missing':
      return `${file} needs ${interpreter ?? 'an interpreter'}, which the image lacks: install it in the Dockerfile, or use a base image that has it.`;
    case 'not-executable':
      return `${file} is not executable: add "RUN chmod +x" for it to the Dockerfile, or commit it with git update-index --chmod=+x.`;
    case 'not-found':
      return `The command ${file} does not exist in the image: correct ${own}CMD or ENTRYPOINT of the Dockerfile, or add the file to the image.`;
    case 'shell-missing':
      return `The command needs ${file}, a shell that the image lacks: write ${own}CMD and ENTRYPOINT of the Dockerfile as JSON lists, such as CMD ["/app"].`;
    case 'wrong-format':
      return `${file} is neither a program for this machine's architecture nor a script whose first line names its interpreter: build it for this architecture, or begin it with a line such as #!/bin/sh.`;
    case 'needs-process-1':
      return `${file} must run as process 1 of its container, which is the engine's init: set ${settingOf(part, 'init')} to false.`;
  }
}

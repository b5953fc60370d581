import { posix } from 'node:path';
import { AGENT_REPORT_LIMITS } from '@nexos/contracts';
import { type CommandProblem } from '@nexos/domain';
import { type ContainerCommand, type ContainerFile } from '@nexos/engine';
import { elfInterpreter } from './elf-interpreter.js';
import { complainsAboutProcess, interpretedScript, runsOnlyAsFirst } from './process-one.js';

export type FindFile = (path: string) => Promise<ContainerFile | null>;

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SHELLS = ['sh', 'ash', 'bash', 'dash', 'ksh', 'zsh'];
/** Programs that run their arguments. */
const WRAPPERS = ['env', 'exec', 'tini', 'dumb-init', 'catatonit', 'gosu', 'su-exec', 'setpriv', 'nice'];
/** How the kernel refuses a file that is no program for it, in the words of inits, shells and the engine. */
const WRONG_FORMAT = /exec format error/i;
/** What POSIX shells do themselves. */
const BUILT_IN =
  /^(\.|:|\[|alias|break|case|cd|command|continue|echo|eval|exec|exit|export|false|for|getopts|if|kill|local|printf|pwd|read|readonly|return|set|shift|source|test|time|times|trap|true|type|ulimit|umask|unset|until|wait|while)$/;
/** What shells exit with when a command does not exist. */
const NOT_FOUND_CODE = 127;
/** How many commands that run each other are looked at. */
const MAX_DEPTH = 4;
const MAX_PATHS = 32;
/** The first word of a command line that a shell takes literally, after assignments and `exec`. */
const FIRST_WORDS = /^\s*(?:[A-Za-z_]\w*=[\w./:@%+,-]*\s+)*(?:exec\s+)?([\w./@%+-]+(?:\s+[\w./@%+=:,-]+)*)/;

/** How a container ended: its exit code, and what it wrote last. */
export interface CommandEnd {
  readonly code: number;
  readonly lines: readonly string[];
}

/**
 * Finds out why a command that ended at once could not run: by looking at the files that it names, as the kernel and
 * the shells do.
 *
 * @returns null when nothing is wrong with it
 */
export async function checkCommand(
  command: ContainerCommand,
  find: FindFile,
  { code, lines }: CommandEnd,
): Promise<CommandProblem | null> {
  const check = new CommandCheck(command, find, code === NOT_FOUND_CODE);
  const problem = await check.ofArgv(command.argv, 0);
  if (problem !== null) return problem;
  const file = programOf(command.argv);
  if (lines.some((line) => WRONG_FORMAT.test(line))) return found('wrong-format', file);
  if (!command.hasInit) return null;
  const isFirst = complainsAboutProcess(lines) || (await check.mustBeFirst(file, command.argv));
  return isFirst ? found('needs-process-1', file) : null;
}

/** Returns the program that a command is about: for a shell, that of its line, or its script. */
function programOf([name = '', ...args]: readonly string[]): string {
  if (!SHELLS.includes(posix.basename(name))) return name;
  const { line, script } = shellArguments(args);
  return (line === undefined ? script : firstWords(line)[0]) ?? name;
}

/** Returns the command line or the script that a shell is given. */
function shellArguments(args: readonly string[]): { readonly line?: string; readonly script?: string } {
  const at = args.findIndex((arg) => !/^[-+]/.test(arg));
  const text = args[at];
  if (text === undefined) return {};
  const isLine = args.slice(0, at).some((option) => /^-[a-z]*c[a-z]*$/.test(option));
  return isLine ? { line: text } : { script: text };
}

function firstWords(line: string): readonly string[] {
  return FIRST_WORDS.exec(line)?.[1]?.split(/\s+/) ?? [];
}

class CommandCheck {
  constructor(
    private readonly command: ContainerCommand,
    private readonly find: FindFile,
    /** Whether a shell may have looked for a command in vain. */
    private readonly isMissed: boolean,
  ) {}

  /** Returns whether a program, or the script that it interprets, runs only as process 1. */
  async mustBeFirst(name: string, argv: readonly string[]): Promise<boolean> {
    const program = await this.lookUp(name);
    if (program !== null && runsOnlyAsFirst(name, program.head)) return true;
    const script = interpretedScript(argv);
    const file = script === undefined ? null : await this.find(this.absolute(script));
    return file !== null && runsOnlyAsFirst('', file.head);
  }

  async ofArgv(argv: readonly string[], depth: number): Promise<CommandProblem | null> {
    const [name, ...args] = argv;
    if (name === undefined || name === '' || depth > MAX_DEPTH) return null;
    const file = await this.lookUp(name);
    const base = posix.basename(name);
    if (file === null) return found(SHELLS.includes(base) ? 'shell-missing' : 'not-found', name);
    if (!file.isRegular || !file.isExecutable) return found('not-executable', name);
    const own = await this.ofContent(name, file);
    if (own !== null) return own;
    if (SHELLS.includes(base)) return this.ofShell(args, depth);
    return WRAPPERS.includes(base) || isShellScript(file) ? this.ofWrapped(args, depth) : null;
  }

  /** Checks what a file needs before its first instruction runs. */
  private async ofContent(name: string, { head }: ContainerFile): Promise<CommandProblem | null> {
    const loader = elfInterpreter(head);
    if (loader !== null) {
      return (await this.find(loader)) === null ? found('interpreter-missing', name, loader) : null;
    }
    if (!isScript(head)) return null;
    const [line = ''] = head.toString('latin1').slice(2).split('\n', 1);
    if (line.endsWith('\r')) return found('crlf', name);
    const [interpreter = '', ...rest] = line.trim().split(/[ \t]+/);
    if (interpreter !== '' && (await this.lookUp(interpreter)) === null) {
      return found('interpreter-missing', name, interpreter);
    }
    if (SHELLS.includes(posix.basename(interpreter))) return hasReturns(head) ? found('crlf', name) : null;
    if (posix.basename(interpreter) !== 'env') return null;
    const program = rest.find((word) => !word.startsWith('-') && !word.includes('='));
    if (program === undefined) return null;
    if ((await this.lookUp(program)) === null) return found('interpreter-missing', name, program);
    return SHELLS.includes(program) && hasReturns(head) ? found('crlf', name) : null;
  }

  /** Checks the script or the command line of a shell. */
  private async ofShell(args: readonly string[], depth: number): Promise<CommandProblem | null> {
    const { line, script } = shellArguments(args);
    if (line !== undefined) return this.ofWords(firstWords(line), depth);
    if (script === undefined) return null;
    const file = await this.find(this.absolute(script));
    if (file === null) return found('not-found', script);
    return file.isRegular && hasReturns(file.head) ? found('crlf', script) : null;
  }

  /** Checks the command that follows a wrapper and its options, if it names a file. */
  private async ofWrapped(args: readonly string[], depth: number): Promise<CommandProblem | null> {
    const at = args.findIndex((arg) => !arg.startsWith('-') && !/^\w+=/.test(arg));
    return this.ofWords(at === -1 ? [] : args.slice(at), depth);
  }

  /** Checks a command that a shell or a wrapper runs, which may be one of its own, or an argument. */
  private async ofWords(
    [name = '', ...args]: readonly string[],
    depth: number,
  ): Promise<CommandProblem | null> {
    if (name === '' || BUILT_IN.test(name)) return null;
    const isFile = name.includes('/') || SHELLS.includes(posix.basename(name));
    if (!isFile && !this.isMissed && (await this.lookUp(name)) === null) return null;
    return this.ofArgv([name, ...args], depth + 1);
  }

  /** Finds a program as the kernel does: by its path, or in the folders of `PATH`. */
  private async lookUp(name: string): Promise<ContainerFile | null> {
    if (name.includes('/')) return this.find(this.absolute(name));
    const folders = (this.command.path || DEFAULT_PATH).split(':').slice(0, MAX_PATHS);
    for (const folder of folders) {
      const file = await this.find(this.absolute(posix.join(folder, name)));
      if (file?.isRegular === true) return file;
    }
    return null;
  }

  private absolute(path: string): string {
    return posix.resolve('/', this.command.workingDir, path);
  }
}

function found(
  kind: CommandProblem['kind'],
  file: string,
  interpreter: string | null = null,
): CommandProblem {
  return { kind, file: shown(file), interpreter: interpreter === null ? null : shown(interpreter) };
}

/** Names come from the image: anything may be in them. */
function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, AGENT_REPORT_LIMITS.fileName);
}

function isScript(head: Buffer): boolean {
  return head.toString('latin1', 0, 2) === '#!';
}

function isShellScript({ head }: ContainerFile): boolean {
  return /^#!\s*\S*(\/|env\s+)(sh|ash|bash|dash|ksh|zsh)\b/.test(head.toString('latin1', 0, 128));
}

/** Returns whether lines of a script end in CRLF; a binary has none that count. */
function hasReturns(head: Buffer): boolean {
  return !head.includes(0) && head.includes('\r\n');
}

import { type Dialect, dialectsOf } from './dialect.js';
import { trim, trimStart, WorkBudget } from './go-text.js';
import {
  type Instruction,
  jsonStrings,
  readInstructions,
  splitInstruction,
  splitWords,
  STEPS_PER_INSTRUCTION,
} from './instructions.js';
import { expandWord, WordError } from './shell-word.js';
import { Stage } from './stage.js';

/** Something that the engine would fetch for a build. */
export interface BuildSource {
  /** The line of the Dockerfile; null for the build argument `BUILDKIT_SYNTAX`. */
  readonly line: number | null;
  readonly instruction: string;
  readonly kind: 'url' | 'image';
  /** With all variables expanded; may contain `UNKNOWN`. */
  readonly value: string;
}

type BuildArgs = Readonly<Record<string, string>>;

/** Steps: enough for any Dockerfile that people write, in every dialect, and less than a second. */
const BUDGET = 20_000_000;
/** Arguments that newer versions do not make variables of: https://docs.docker.com/build/metadata/attestations/sbom/ */
const NO_VARIABLES = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'];

/**
 * Lists what the engine would fetch to build a Dockerfile, in each dialect. The instructions that a base image runs
 * (`ONBUILD`) and the Dockerfile's own behind a custom `# syntax=` image are unknown.
 *
 * @throws {TooComplexError} when the Dockerfile cannot be read within the budget
 */
export function* buildSources(dockerfile: string, buildArgs: BuildArgs): Generator<BuildSource> {
  yield* frontends(dockerfile, buildArgs);
  const budget = new WorkBudget(BUDGET);
  for (const dialect of dialectsOf(dockerfile)) {
    yield* new Reading(dialect, buildArgs, budget).sources(readInstructions(dockerfile, dialect, budget));
  }
}

/**
 * Lists the images that may interpret the Dockerfile. BuildKit takes the first directive at the top, after `#` or `//`,
 * or a whole file in JSON. Here every line of the first comment counts.
 */
function* frontends(dockerfile: string, buildArgs: BuildArgs): Generator<BuildSource> {
  const source = (line: number | null, instruction: string, value: string) =>
    ({ line, instruction, kind: 'image', value: trim(value).split(/\s/)[0] ?? '' }) as const;
  const { BUILDKIT_SYNTAX: argument } = buildArgs;
  if (argument !== undefined) yield source(null, 'BUILDKIT_SYNTAX', argument);
  const text = dockerfile.replace(/^\uFEFF/, '');
  for (const [index, line] of text.split('\n').entries()) {
    const comment = /^(?:#|\/\/)([^]*)$/.exec(trimStart(line))?.[1];
    if (comment === undefined) break;
    const image = /^syntax\s*=\s*(\S[^]*)$/i.exec(trimStart(comment))?.[1];
    if (image !== undefined) yield source(index + 1, '# syntax', image);
  }
  const json = jsonSyntax(text.replace(/^#![^\n]*\n/, ''));
  if (json !== null) yield source(1, 'syntax', json);
}

function jsonSyntax(text: string): string | null {
  if (!trimStart(text).startsWith('{')) return null;
  try {
    const { syntax } = JSON.parse(text) as { syntax?: unknown };
    return typeof syntax === 'string' ? syntax : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Follows the instructions as BuildKit executes them, with the variables of each stage. */
class Reading {
  private readonly global: Stage;
  private readonly stages = new Map<string, Stage>();
  private stage: Stage | undefined;

  constructor(
    private readonly dialect: Dialect,
    private readonly buildArgs: BuildArgs,
    private readonly budget: WorkBudget,
  ) {
    this.global = new Stage(false);
    for (const side of ['TARGET', 'BUILD']) {
      this.global.set(`${side}PLATFORM`, `linux/${dialect.architecture}`);
      this.global.set(`${side}OS`, 'linux');
      this.global.set(`${side}ARCH`, dialect.architecture);
      this.global.set(`${side}VARIANT`, '');
    }
  }

  *sources(instructions: readonly Instruction[]): Generator<BuildSource> {
    for (const instruction of instructions) {
      this.budget.spend(STEPS_PER_INSTRUCTION);
      if (instruction.name === 'from') yield* this.from(instruction);
      else yield* this.run(instruction, this.stage ?? this.global);
    }
  }

  private *from({ line, args }: Instruction): Generator<BuildSource> {
    const [reference = '', , name = ''] = args.split(/[\t\v\f\r ]+/);
    const base = this.expand(reference, this.global) ?? '';
    yield { line, instruction: 'FROM', kind: 'image', value: base };
    const parent = this.stages.get(base);
    this.budget.spend(parent?.size ?? 0);
    const stage = parent?.child() ?? Stage.from(base);
    this.stage = stage;
    if (name !== '') this.stages.set(name.toLowerCase(), stage);
    for (const trigger of parent?.triggers ?? []) {
      this.budget.spend(STEPS_PER_INSTRUCTION);
      yield* this.run(trigger, stage);
    }
  }

  private *run(instruction: Instruction, stage: Stage): Generator<BuildSource> {
    const { line, name, flags, args } = instruction;
    if (name === 'onbuild') {
      const trigger = { line, ...splitInstruction(args, this.dialect) };
      stage.triggers.push(trigger);
      // The variables of the stages that it will run in are not those of this one, so it is read there again.
      if (trigger.name !== 'onbuild') yield* this.run(trigger, stage.child());
    } else if (name === 'add') {
      for (const word of (jsonStrings(args) ?? args.split(/[\t\v\f\r ]+/)).slice(0, -1)) {
        const value = this.expand(word, stage);
        if (value !== null) yield { line, instruction: 'ADD', kind: 'url', value };
      }
    } else if (name === 'copy' || name === 'run') {
      for (const value of flags.flatMap((flag) => imagesOfFlag(name, flag))) {
        yield { line, instruction: name === 'copy' ? 'COPY --from' : 'RUN --mount', kind: 'image', value };
      }
    } else if (name === 'env') {
      this.setVariables(args, stage);
    } else if (name === 'arg') {
      this.declareArguments(args, stage);
    }
  }

  private setVariables(args: string, stage: Stage): void {
    const words = splitWords(args, this.dialect.escape);
    const old = /^([^\t\v\f\r ]*)[\t\v\f\r ]+([^]*)$/.exec(args);
    const pairs = words[0]?.includes('=') === true ? words : old === null ? [] : [`${old[1]}=${old[2]}`];
    const values = pairs.map((pair) => {
      const [key, value] = cut(pair);
      return [this.expand(key, stage), this.expand(value ?? '', stage)] as const;
    });
    for (const [key, value] of values) {
      if (key !== null && value !== null) stage.set(key, value);
    }
  }

  private declareArguments(args: string, stage: Stage): void {
    const { argsInOrder } = this.dialect;
    const later: (() => void)[] = [];
    for (const word of splitWords(args, this.dialect.escape)) {
      const [name, text] = cut(word);
      const key = argsInOrder ? name : (this.expand(name, stage) ?? name);
      const given = Object.hasOwn(this.buildArgs, key) ? this.buildArgs[key] : undefined;
      const initial = text === undefined ? this.global.lookup(key).value : this.expand(text, stage);
      const value = given ?? initial ?? undefined;
      if (value === undefined || (argsInOrder && stage !== this.global && NO_VARIABLES.includes(key)))
        continue;
      if (argsInOrder || stage === this.global) stage.set(key, value);
      else later.push(() => stage.set(key, value));
    }
    for (const set of later) set();
  }

  /** Returns null for a word that BuildKit rejects. */
  private expand(word: string, stage: Stage): string | null {
    const { budget, dialect } = this;
    try {
      return expandWord(word, { escape: dialect.escape, lookup: (name) => stage.lookup(name), budget });
    } catch (error) {
      if (error instanceof WordError) return null;
      throw error;
    }
  }
}

/** Returns the images in `--from=IMAGE` of COPY, or in `--mount=…,from=IMAGE` of RUN. */
function imagesOfFlag(instruction: 'copy' | 'run', flag: string): string[] {
  const [name, value = ''] = cut(flag);
  if (instruction === 'copy') return name.toLowerCase() === '--from' ? [value] : [];
  if (name.toLowerCase() !== '--mount') return [];
  return value
    .replaceAll('"', '')
    .split(',')
    .map(cut)
    .flatMap(([key, image = '']) => (trim(key).toLowerCase() === 'from' ? [image] : []));
}

function cut(pair: string): [string, string | undefined] {
  const index = pair.indexOf('=');
  return index < 0 ? [pair, undefined] : [pair.slice(0, index), pair.slice(index + 1)];
}

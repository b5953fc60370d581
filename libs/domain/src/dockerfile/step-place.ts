import { type BuildSource, buildSources } from './build-sources.js';
import { dialectsOf } from './dialect.js';
import { TooComplexError, WorkBudget } from './go-text.js';
import { type Instruction, readInstructions } from './instructions.js';

/** Where an instruction stands in a Dockerfile. */
export interface StepPlace {
  readonly line: number;
  /** Its name, or BuildKit's, such as `stage-1`; null in a Dockerfile with a single stage without a name. */
  readonly stage: string | null;
}

interface StageOfFile {
  readonly name: string | null;
  /** The instructions that BuildKit counts in the names of steps, without FROM. */
  readonly steps: readonly Instruction[];
  readonly firstLine: number;
}

const BUDGET = 5_000_000;
/**
 * `[build 2/4] RUN npm ci`; before the stage, newer versions may name the platform. BuildKit pads the number as in
 * `[ 2/12]`.
 */
const STEP = /^\[ ?(?:\S+ )??(?:(\S+) )?(\d+)\/(\d+)\] (\S+)/;
const BASE = /^(?:\[internal\] load metadata for|(?:\[[^\]]+\] )?FROM) (\S+)/;
/** What ADD fetches from a URL is a step of its own, named after it. */
const URL_STEP = /^https?:\/\//i;
const COUNTED = ['add', 'copy', 'run', 'workdir'];

/**
 * Finds the instruction that BuildKit names a step after; null when it cannot be told.
 *
 * @param step such as `[build 2/4] RUN npm ci` or `[internal] load metadata for docker.io/library/node:22`
 */
export function placeOfStep(
  dockerfile: string,
  buildArgs: Readonly<Record<string, string>>,
  step: string,
): StepPlace | null {
  try {
    if (URL_STEP.test(step)) {
      return placeOfSource(dockerfile, buildArgs, 'url', (value) => value.trim() === step);
    }
    const image = BASE.exec(step)?.[1];
    if (image === undefined) return placeOfInstruction(dockerfile, step);
    const wanted = shortName(image);
    return placeOfSource(dockerfile, buildArgs, 'image', (value) => shortName(value) === wanted);
  } catch (error) {
    if (error instanceof TooComplexError) return null;
    throw error;
  }
}

function placeOfInstruction(dockerfile: string, step: string): StepPlace | null {
  const [, name, index, total, instruction = ''] = STEP.exec(step) ?? [];
  if (index === undefined) return null;
  // The triggers of a base image come first, so steps are counted from the end.
  const fromEnd = Number(total) - Number(index) + 1;
  for (const stages of readings(dockerfile)) {
    const stage = stageNamed(stages, name);
    const found = stage?.steps.at(-fromEnd);
    if (found?.name !== instruction.toLowerCase()) continue;
    return { line: found.line, stage: stage?.name ?? null };
  }
  return null;
}

function placeOfSource(
  dockerfile: string,
  buildArgs: Readonly<Record<string, string>>,
  kind: BuildSource['kind'],
  isMeant: (value: string) => boolean,
): StepPlace | null {
  for (const { line, value, ...source } of buildSources(dockerfile, buildArgs)) {
    if (source.kind !== kind || line === null || !isMeant(value)) continue;
    const [stages = []] = readings(dockerfile);
    return { line, stage: stages.findLast(({ firstLine }) => firstLine <= line)?.name ?? null };
  }
  return null;
}

/** Returns the stages as each dialect reads them. An engine without here-documents rarely gets as far as a step. */
function* readings(dockerfile: string): Generator<StageOfFile[]> {
  const budget = new WorkBudget(BUDGET);
  const [withHeredocs, without] = [true, false].map((has) =>
    dialectsOf(dockerfile).filter(({ heredocs }) => (heredocs !== 'none') === has),
  );
  for (const dialect of [...(withHeredocs ?? []), ...(without ?? [])]) {
    yield stagesOf(readInstructions(dockerfile, dialect, budget));
  }
}

function stagesOf(instructions: readonly Instruction[]): StageOfFile[] {
  const stages: { name: string | null; steps: Instruction[]; firstLine: number }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'from') {
      const name = /\sas\s+(\S+)$/i.exec(instruction.args)?.[1]?.toLowerCase() ?? null;
      stages.push({ name, steps: [], firstLine: instruction.line });
    } else if (COUNTED.includes(instruction.name)) {
      stages.at(-1)?.steps.push(instruction);
    }
  }
  if (stages.length < 2) return stages;
  return stages.map((stage, index) => ({ ...stage, name: stage.name ?? `stage-${index}` }));
}

/** Of two stages with one name, the later one hides the other. */
function stageNamed(stages: readonly StageOfFile[], name: string | undefined): StageOfFile | undefined {
  if (name === undefined) return stages.length === 1 ? stages[0] : undefined;
  return stages.findLast((stage) => stage.name === name.toLowerCase());
}

/** Returns `node:22` for `docker.io/library/node:22@sha256:…`. */
function shortName(image: string): string {
  const name = image.replace(/@sha256:.*$/, '').replace(/^docker\.io\/(?:library\/)?/, '');
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}

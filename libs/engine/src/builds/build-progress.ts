import type {
  BuildStatus,
  BuildTime,
  BuildVertex,
  BuildVertexLog,
  BuildVertexStatus,
  BuildVertexWarning,
} from './buildkit-status.js';
import type { FailedStep } from './build-failure.js';
import { LineAssembler, cleanLine } from '../logs/log-text.js';
import { withoutInternals } from '../logs/quote.js';
import { shortageOf } from './shortage.js';

/** One line of a build's log; `system` lines come from the builder, not from a step. */
export interface BuildLine {
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly text: string;
}

const LAST_LINES = 20;

/** The state kept for a step while it runs. */
interface Step {
  readonly number: number;
  readonly name: string;
  announced: boolean;
  done: boolean;
  started: BuildTime | null;
  /** When it began, in milliseconds of this process's clock; null before. */
  begunAt: number | null;
  error: string;
  /** From both streams. Earlier output need not be why the step failed. */
  lastLines: readonly string[];
  readonly outputs: Map<number, LineAssembler>;
  readonly reported: Set<string>;
}

/** Turns BuildKit's status messages into the lines that `docker build --progress=plain` prints. */
export class BuildProgress {
  private readonly steps = new Map<string, Step>();

  lines(status: BuildStatus): BuildLine[] {
    return [
      ...status.vertexes.flatMap((vertex) => this.begin(vertex)),
      ...status.statuses.flatMap((progress) => this.progress(progress)),
      ...status.warnings.flatMap((warning) => this.warning(warning)),
      ...status.logs.flatMap((log) => this.output(log)),
      ...status.vertexes.flatMap((vertex) => this.end(vertex)),
    ];
  }

  /** Returns the incomplete last lines of steps that were still running when the build ended. */
  rest(): BuildLine[] {
    return [...this.steps.values()].flatMap((step) => flush(step));
  }

  /** Returns the step that made the build fail, not those cancelled because of it. */
  failedStep(): FailedStep | undefined {
    const failed = [...this.steps.values()].filter((step) => step.error !== '');
    const step = failed.find(({ error }) => !/context cancell?ed/i.test(error)) ?? failed[0];
    return step && { name: step.name, error: step.error, shortage: shortageOf(step.lastLines) };
  }

  /** Returns the names of the steps that are running, the longest first, with their milliseconds so far. */
  running(): { name: string; forMs: number }[] {
    const now = performance.now();
    return [...this.steps.values()]
      .flatMap(({ name, begunAt, done }) =>
        done || begunAt === null ? [] : [{ name, forMs: now - begunAt }],
      )
      .sort((one, other) => other.forMs - one.forMs);
  }

  private begin(vertex: BuildVertex): BuildLine[] {
    let step = this.steps.get(vertex.digest);
    if (step === undefined) {
      step = {
        number: this.steps.size + 1,
        name: cleanLine(vertex.name.replace(/\s+/g, ' ')),
        announced: false,
        done: false,
        started: null,
        begunAt: null,
        error: '',
        lastLines: [],
        outputs: new Map(),
        reported: new Set(),
      };
      this.steps.set(vertex.digest, step);
    }
    step.started ??= vertex.started;
    if (vertex.started !== null) step.begunAt ??= performance.now();
    step.error ||= vertex.error;
    if (step.announced || (vertex.started === null && vertex.completed === null)) return [];
    step.announced = true;
    return [system(step, step.name)];
  }

  private progress({ vertex, ID, current, started, completed }: BuildVertexStatus): BuildLine[] {
    const step = this.steps.get(vertex);
    if (step === undefined || completed === null || step.reported.has(ID)) return [];
    step.reported.add(ID);
    const size = current > 0 ? `${readableSize(current)} ` : '';
    return [system(step, `${ID} ${size}${seconds(started, completed)}s done`)];
  }

  private warning({ vertex, short }: BuildVertexWarning): BuildLine[] {
    const step = this.steps.get(vertex);
    return step === undefined ? [] : [system(step, `WARNING: ${Buffer.from(short).toString('utf8')}`)];
  }

  private output({ vertex, stream, msg, timestamp }: BuildVertexLog): BuildLine[] {
    const step = this.steps.get(vertex);
    if (step === undefined) return [];
    let assembler = step.outputs.get(stream);
    if (assembler === undefined) {
      assembler = new LineAssembler();
      step.outputs.set(stream, assembler);
    }
    const time = `${seconds(step.started, timestamp, 3)} `;
    const texts = assembler.push(msg);
    remember(step, texts);
    return texts.map((text) => outputLine(step, stream, time + text));
  }

  private end(vertex: BuildVertex): BuildLine[] {
    const step = this.steps.get(vertex.digest);
    if (step === undefined || step.done || vertex.completed === null) return [];
    step.done = true;
    const lines = flush(step);
    if (vertex.error !== '') lines.push(system(step, `ERROR: ${withoutInternals(vertex.error)}`));
    else if (vertex.cached) lines.push(system(step, 'CACHED'));
    else lines.push(system(step, `DONE ${seconds(step.started, vertex.completed)}s`));
    return lines;
  }
}

function remember(step: Step, texts: readonly string[]): void {
  step.lastLines = [...step.lastLines, ...texts.slice(-LAST_LINES)].slice(-LAST_LINES);
}

function flush(step: Step): BuildLine[] {
  const rest = [...step.outputs].flatMap(([stream, assembler]) =>
    assembler.end().map((text) => ({ stream, text })),
  );
  remember(
    step,
    rest.map(({ text }) => text),
  );
  step.outputs.clear();
  return rest.map(({ stream, text }) => outputLine(step, stream, text));
}

function system(step: Step, text: string): BuildLine {
  return { stream: 'system', text: cleanLine(`#${step.number} ${text}`) };
}

function outputLine(step: Step, stream: number, text: string): BuildLine {
  return { stream: stream === 2 ? 'stderr' : 'stdout', text: cleanLine(`#${step.number} ${text}`) };
}

function seconds(from: BuildTime | null, to: BuildTime | null, digits = 1): string {
  if (from === null || to === null) return (0).toFixed(digits);
  return Math.max(0, to.seconds - from.seconds + (to.nanos - from.nanos) / 1e9).toFixed(digits);
}

function readableSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes}B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)}kB`;
  return `${(bytes / 1_000_000).toFixed(1)}MB`;
}

import { type ContainerExit, describeExit } from './container-exit.js';

export const HEALTH_STATES = [
  'healthy',
  'starting',
  'crash_looping',
  'out_of_memory',
  'unreachable',
  'unknown',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** Something other than the app itself that keeps it from running; the message says what, and what to do. */
export interface HealthProblem {
  readonly message: string;
}

/** The results of probing the live app, since it last answered. */
export interface ProbeFacts {
  /** When the first of the failed probes began, in milliseconds since the epoch; null: the last one was answered. */
  readonly failingSince: number | null;
  readonly failures: number;
  /** What the last probe found, such as `does not accept connections on port 3000`. */
  readonly finding: string;
  /** Whether the ingress knew no address of the container, which the agent of its machine tells it. */
  readonly isAddressUnknown: boolean;
}

/** What is known about a container of the live version of a running environment. Times are milliseconds since the epoch. */
export interface HealthFacts {
  /** What messages call it at the beginning of a sentence: `The app`. */
  readonly subject: string;
  /** Whether it is probed; one without a port works as long as it runs. */
  readonly isProbed: boolean;
  readonly now: number;
  /** When the version went live or was resumed. It answered then. */
  readonly liveSince: number;
  readonly memoryMb: number;
  /** The unexpected exits since then that are remembered, oldest first. */
  readonly exits: readonly ContainerExit[];
  /** Its container, as the agent of its machine reports it; null when none runs. */
  readonly running: { readonly since: number; readonly outOfMemoryAt: number | null } | null;
  /** When the agent of its machine last reported; null: no agent ever has. */
  readonly agentSeenAt: number | null;
  /** Found by Swarm. */
  readonly problem: HealthProblem | null;
  /** Null before the first probe has ended. */
  readonly probe: ProbeFacts | null;
  /** The health so far; null for a version that has just gone live. */
  readonly previous: { readonly state: HealthState; readonly message: string } | null;
  /** When it last was unreachable; null: never. */
  readonly unreachableAt: number | null;
}

export interface Health {
  readonly state: HealthState;
  /** What happened, and what to do. */
  readonly message: string;
}

/** How long an app must be stable before an earlier problem counts as over. */
export const STABLE_MS = 60_000;
/** An app that exits less often than this does not loop. */
const LONGEST_LOOP_MS = 300_000;
const LOOP_MARGIN_MS = 30_000;
/** Exits in a row that are a loop; an app may exit once, for a reason that is over. */
const LOOP_EXITS = 2;
/** An app that answers slower than this, for several probes in a row, is unreachable. */
const UNREACHABLE_MS = 7_000;
const UNREACHABLE_FAILURES = 2;
/** The longest time between the start of a container and the first probe of it. */
const FIRST_PROBE_MS = 6_000;
/** How long the first report of a container may take. */
const FIRST_REPORT_MS = 15_000;
/** An agent reports every few seconds. */
const AGENT_SILENT_MS = 30_000;

/** The states, the worst first. */
const BY_SEVERITY: readonly HealthState[] = [
  'out_of_memory',
  'crash_looping',
  'unreachable',
  'unknown',
  'starting',
  'healthy',
];

/** Returns the health of a version: that of its container, or of the worst of several. */
export function worstHealth(containers: readonly (Health & { readonly name: string })[]): Health {
  const sorted = [...containers].sort((a, b) => BY_SEVERITY.indexOf(a.state) - BY_SEVERITY.indexOf(b.state));
  const [worst, ...others] = sorted;
  if (worst === undefined) throw new RangeError('a version has at least one container');
  const { state, message } = worst;
  if (others.length === 0) return { state, message };
  if (state === 'healthy') {
    return { state, message: `All ${sorted.length} containers are running, and those with a port answer.` };
  }
  const more = others.filter((one) => one.state !== 'healthy').map(({ name }) => name);
  return {
    state,
    message: more.length === 0 ? message : `${message} Not healthy either: ${more.join(', ')}.`,
  };
}

function lowered(subject: string): string {
  return subject.slice(0, 1).toLowerCase() + subject.slice(1);
}

/** Decides the health of a container of a running environment. */
export function decideHealth(facts: HealthFacts): Health {
  const { subject, isProbed, now, running, previous, unreachableAt, problem } = facts;
  if (problem !== null) return { state: 'unreachable', message: problem.message };
  const noAnswer = findNoAnswer(facts);
  if (isUnreported(facts) && previous !== null && noAnswer === null) return healthOf(previous);
  if (isAgentSilent(facts)) {
    return noAnswer ?? { state: 'unknown', message: silentAgent(facts) };
  }
  const failing = findFailing(facts);
  if (failing !== null) return failing;
  if (isStarting(facts)) return { state: 'starting', message: startingMessage(facts) };
  if (noAnswer !== null) return noAnswer;
  const wasUnreachable = previous?.state === 'unreachable' && unreachableAt !== null;
  if (wasUnreachable && now - unreachableAt < STABLE_MS) {
    return {
      state: 'unreachable',
      message: `${subject} answers again. It counts as healthy after ${STABLE_MS / 1000} s without another failure.`,
    };
  }
  if (isProbed && facts.probe === null && previous?.state !== 'healthy') {
    // Not known to answer yet.
    return previous === null ? { state: 'starting', message: startingMessage(facts) } : healthOf(previous);
  }
  return running === null
    ? { state: 'starting', message: startingMessage(facts) }
    : {
        state: 'healthy',
        message: isProbed ? `${subject} is running and answers.` : `${subject} is running.`,
      };
}

function isAgentSilent({ now, agentSeenAt }: HealthFacts): boolean {
  return agentSeenAt === null || now - agentSeenAt > AGENT_SILENT_MS;
}

function healthOf({ state, message }: Health): Health {
  return { state, message };
}

/** Returns whether the version went live so recently that no report of its container may have arrived. */
function isUnreported({ now, liveSince, running, exits }: HealthFacts): boolean {
  return running === null && exits.length === 0 && now - liveSince < FIRST_REPORT_MS;
}

/** The number of exits in a row, each so soon after its start that the app never counted as stable. */
export function exitsInARow(exits: readonly ContainerExit[]): number {
  let count = 0;
  for (const { startedAt, at } of [...exits].reverse()) {
    count++;
    if (at - startedAt > LONGEST_LOOP_MS + LOOP_MARGIN_MS) return count;
  }
  return count;
}

/** Milliseconds that Swarm waits before it restarts a container, and the longest back-off. */
export const RESTART_DELAY_MS = 1_000;
const MAX_BACK_OFF_MS = 300_000;

/** Returns the pause before the next restart, which doubles with every exit in a row, in milliseconds. */
export function restartBackOffMs(exits: readonly ContainerExit[]): number {
  return Math.min(RESTART_DELAY_MS * 2 ** Math.max(0, exitsInARow(exits) - 1), MAX_BACK_OFF_MS);
}

/** A minute; or longer than the last run, for an app that runs for more than a minute before each exit. */
function stableAfter({ startedAt, at }: ContainerExit): number {
  return Math.max(STABLE_MS, Math.min(at - startedAt, LONGEST_LOOP_MS) + LOOP_MARGIN_MS);
}

function findFailing({ subject, now, exits, running, memoryMb }: HealthFacts): Health | null {
  const last = exits.at(-1);
  if (
    running?.outOfMemoryAt != null &&
    now - running.outOfMemoryAt < STABLE_MS &&
    (last === undefined || running.outOfMemoryAt > last.at)
  ) {
    const message = `${subject} ran out of memory, and the engine killed one of its processes: it may use ${memoryMb} MiB. Raise memory_mb, or make it use less.`;
    return { state: 'out_of_memory', message };
  }
  if (last === undefined) return null;
  const isStable = running !== null && now - running.since >= stableAfter(last);
  if (isStable) return null;
  const row = exitsInARow(exits);
  if (last.isOutOfMemory) {
    return {
      state: 'out_of_memory',
      message: `${subject} ran out of memory ${times(row)}: it may use ${memoryMb} MiB. Raise memory_mb in the project's settings or in nexos.yaml, or make it use less.`,
    };
  }
  if (last.isUnhealthy) {
    return {
      state: 'crash_looping',
      message: `${subject} was restarted, because the HEALTHCHECK in its Dockerfile failed ${times(row)}. Fix the check or what it checks, or remove the HEALTHCHECK: Nexos sends probes of its own.`,
    };
  }
  if (row < LOOP_EXITS) return null;
  return {
    state: 'crash_looping',
    message: `${subject} ${describeExit(last)}, ${times(row)} in a row, and is restarted after longer and longer pauses. See its last lines in the log, fix it and deploy again, or roll back.`,
  };
}

/** Returns whether the app's container was restarted a moment ago and has not answered yet. */
function isStarting({ now, exits, running, probe, liveSince }: HealthFacts): boolean {
  if (exits.length === 0) return false;
  if (running === null) return true;
  if (running.since <= liveSince || now - running.since > STABLE_MS) return false;
  const failingSince = probe?.failingSince ?? null;
  return failingSince !== null && failingSince - running.since < FIRST_PROBE_MS;
}

function findNoAnswer(facts: HealthFacts): Health | null {
  const { subject, now, probe, running } = facts;
  if (probe?.failingSince == null) return null;
  if (probe.failures < UNREACHABLE_FAILURES || now - probe.failingSince < UNREACHABLE_MS) return null;
  if (probe.isAddressUnknown && (running !== null || isAgentSilent(facts))) {
    return {
      state: 'unreachable',
      message: `Requests do not reach ${lowered(subject)}, though it may well run: Nexos does not know the address of its container. Tell the operator to check apps/agent on its machine.`,
    };
  }
  return {
    state: 'unreachable',
    message: `${subject} ${probe.finding}. See the log for what it is doing; fix it and deploy again, or roll back.`,
  };
}

function startingMessage({ subject, exits }: HealthFacts): string {
  const last = exits.at(-1);
  return last === undefined
    ? `${subject} is starting.`
    : `${subject} ${describeExit(last)} and is being restarted. See its last lines in the log.`;
}

function silentAgent({ subject, agentSeenAt }: HealthFacts): string {
  if (agentSeenAt === null) {
    return `No agent has reported from the machine of ${lowered(subject)} yet, so Nexos does not know of crashes there, and tells only if it stops answering.`;
  }
  return `Nexos has no reports since ${new Date(agentSeenAt).toISOString()} from the machine of ${lowered(subject)}, so it does not know of crashes. If this persists, tell the operator that apps/agent does not run there.`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

import { randomUUID } from 'node:crypto';
import { deploymentSettings } from '@nexos/settings';
import { networkName } from '@nexos/engine';
import { eventually } from '../support/eventually.js';
import type { TestSystem } from '../support/global-setup.js';
import type { Environment } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';
import { BareDeploys, type BareTimes, startedAt } from './bare-deploy.js';
import type { Row } from './table.js';
import { median, settled, stoppedOthers, until, untilAnswers } from './deploy-steps.js';

const DEFAULTS = deploymentSettings({});
const ROUNDS = 5;
/** The folders of an app with three containers, each with a Dockerfile. */
const THREE = ['.', 'api', 'jobs'];

/** Milliseconds of one deployment, by stage. */
interface Stages {
  readonly accept: number;
  readonly queue: number;
  readonly fetch: number;
  readonly build: number;
  /** Until the engine reports the last container as running. */
  readonly start: number;
  readonly probe: number;
  readonly route: number;
  readonly total: number;
}

/** Measures a push and a resume to the first response, alternating with the engine's own commands. */
export async function benchDeploy(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, { env: { LOG_LEVEL: 'info', NODE_ENV: 'production' } });
  try {
    const { cpu, memory_mb } = DEFAULTS;
    const project = await TestProject.create(nexos, { cpu, memory_mb });
    await project.deploy(webApp('first'));
    const bare = bareBeside(nexos, project);
    const cached = await compareDeploys(nexos, project, bare, (text) => webApp(text));
    const cold = await compareDeploys(nexos, project, bare, coldApp);
    const three = await compareDeploys(nexos, project, bare, threeContainers, THREE);
    const resume = await compareResumes(nexos, await projectWithServices(nexos));
    print('push → first response, layers cached', cached);
    print('push → first response, no layers cached', cold);
    print('push → first response, three containers, layers cached', three);
    printRatio('resume → first response, services up', resume);
    process.stdout.write(
      `${JSON.stringify({ bench: 'deploy', rounds: ROUNDS, cached, cold, three, resume })}\n`,
    );
    const row = (what: string, { bare: plain, nexos: own, ratio: quotient }: Total, target: string): Row => ({
      what: `${what} → first response`,
      bare: `${totalOf(plain)} ms`,
      nexos: `${totalOf(own)} ms`,
      ratio: quotient,
      target,
    });
    return [
      row('push, layers cached', cached, '≤ 1.2'),
      row('push, no layer cached', cold, '≤ 1.2'),
      row('push, three containers', three, '≤ 1.15'),
      row('resume', resume, '≤ 1.2'),
    ];
  } finally {
    await nexos.stop();
  }
}

interface Total {
  readonly bare: number | { readonly total: number };
  readonly nexos: number | { readonly total: number };
  readonly ratio: number;
}

function totalOf(times: number | { readonly total: number }): number {
  return typeof times === 'number' ? times : times.total;
}

function bareBeside(nexos: NexosStack, project: TestProject): BareDeploys {
  return new BareDeploys(networkName(nexos.instance, project.id), `dev.nexos.instance=${nexos.instance}`);
}

/** Creates a project whose second environment keeps the services up while the first one is paused. */
async function projectWithServices(nexos: NexosStack): Promise<TestProject> {
  const { cpu, memory_mb } = DEFAULTS;
  const services = { postgres: true, redis: true, s3: false };
  const project = await TestProject.create(nexos, { cpu, memory_mb, services });
  await project.deploy(webApp('first'));
  await project.deploy(webApp('other'), { branch: 'other' });
  return project;
}

/** Returns an app whose first build step is always different, so that no layer is cached. */
function coldApp(text: string): Record<string, string> {
  const files = webApp(text);
  const step = `RUN echo ${randomUUID()} > /built && sleep 1\n`;
  return { ...files, Dockerfile: (files.Dockerfile ?? '').replace('WORKDIR', `${step}WORKDIR`) };
}

/** Returns an app with two containers beside it. */
function threeContainers(text: string): Record<string, string> {
  const others = THREE.slice(1);
  const entry = (name: string) =>
    `  - { name: ${name}, dockerfile: ${name}/Dockerfile, context: ${name}, port: 3000 }\n`;
  const filesIn = (name: string) =>
    Object.entries(webApp(`${name} ${text}`)).map(([path, file]) => [`${name}/${path}`, file] as const);
  return {
    ...webApp(text),
    ...Object.fromEntries(others.flatMap(filesIn)),
    'nexos.yaml': `containers:\n${others.map(entry).join('')}`,
  };
}

type BareStages = BareTimes & { readonly total: number };

interface DeployRound {
  readonly bare: BareStages;
  /** The same with a new network for the containers, as Nexos gives each version with several. */
  readonly bareWithNetwork: BareStages | null;
  readonly nexos: Stages;
}

interface DeployComparison extends DeployRound {
  readonly ratio: number;
  readonly ratioWithNetwork: number | null;
}

async function compareDeploys(
  nexos: NexosStack,
  project: TestProject,
  bare: BareDeploys,
  appOf: (text: string) => Record<string, string>,
  folders?: readonly string[],
): Promise<DeployComparison> {
  const bareOnce = async (hasOwnNetwork: boolean): Promise<BareStages> => {
    // All build their own commits, so that none reuses another's layers.
    await project.commit(appOf(`bare ${randomUUID()}`), 'bare');
    const turn = await bare.deploy(project.remote, 'bare', folders, hasOwnNetwork);
    await bare.remove(turn.services);
    const { build, start, probe } = turn;
    return { build, start, probe, total: build + start + probe };
  };
  const rounds: DeployRound[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const plain = await bareOnce(false);
    const bareWithNetwork = folders === undefined ? null : await bareOnce(true);
    const stages = await deployOnce(nexos, project, appOf);
    // The first round only warms up.
    if (round > 0) rounds.push({ bare: plain, bareWithNetwork, nexos: stages });
    await settled(nexos);
    await stoppedOthers(nexos, project, folders?.length ?? 1);
  }
  const bareMedian = medianOf(rounds.map((round) => round.bare));
  const networked = rounds.flatMap((round) => round.bareWithNetwork ?? []);
  const withNetwork = networked.length === 0 ? null : medianOf(networked);
  const nexosMedian = medianOf(rounds.map((round) => round.nexos));
  return {
    bare: bareMedian,
    bareWithNetwork: withNetwork,
    nexos: nexosMedian,
    ratio: ratio(nexosMedian.total, bareMedian.total),
    ratioWithNetwork: withNetwork && ratio(nexosMedian.total, withNetwork.total),
  };
}

async function deployOnce(
  nexos: NexosStack,
  project: TestProject,
  appOf: (text: string) => Record<string, string>,
): Promise<Stages> {
  const text = randomUUID();
  const sha = await project.commit(appOf(text));
  const { url } = await project.environment();
  const pushed = Date.now();
  await project.deliver('main', sha);
  const accepted = Date.now();
  const total = (await untilAnswers(url, text)) - pushed;
  // The new version answers a moment before its row says `live`.
  const row = await eventually('the deployment to be live', async () => {
    const [live] = await nexos.rows<DeploymentTimes>(
      `SELECT id, queued_at, started_at, built_at, live_at FROM deployments
       WHERE commit_sha = $1 AND live_at IS NOT NULL`,
      [sha],
    );
    return live;
  });
  const between = (from: Date, to: Date) => to.getTime() - from.getTime();
  const fetchedAt = await whenFetched(nexos, row.id);
  const runningAt = new Date(await startedAt(`dev.nexos.deployment=${row.id}`));
  return {
    accept: accepted - pushed,
    queue: between(row.queued_at, row.started_at),
    fetch: between(row.started_at, fetchedAt),
    build: between(fetchedAt, row.built_at),
    start: between(row.built_at, runningAt),
    probe: between(runningAt, row.live_at),
    route: pushed + total - row.live_at.getTime(),
    total,
  };
}

interface DeploymentTimes {
  readonly id: string;
  readonly queued_at: Date;
  readonly started_at: Date;
  readonly built_at: Date;
  readonly live_at: Date;
}

/** Returns when the commit was fetched; all processes share this machine's clock. */
async function whenFetched(nexos: NexosStack, deploymentId: string): Promise<Date> {
  const line = (await nexos.api.log(deploymentId)).find(({ text }) => text.startsWith('fetched '));
  if (line === undefined) throw new Error('The log has no line about fetching the commit.');
  return new Date(line.time);
}

async function compareResumes(
  nexos: NexosStack,
  project: TestProject,
): Promise<{ bare: number; nexos: number; ratio: number }> {
  const bare = bareBeside(nexos, project);
  const { id, url } = await project.environment();
  const text = (await visit(url)).body;
  await project.commit(webApp('scaled'), 'bare');
  const { services } = await bare.deploy(project.remote, 'bare');
  const times = { bare: [] as number[], nexos: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const bareMs = await bare.scaleUp(services[0] ?? '');
    await nexos.api.post(`/environments/${id}/pause`);
    await settled(nexos);
    await until(async () => (await nexos.containers(`dev.nexos.environment=${id}`)).length === 0);
    const began = Date.now();
    await nexos.api.post<Environment>(`/environments/${id}/resume`);
    const nexosMs = (await untilAnswers(url, text)) - began;
    await settled(nexos);
    if (round === 0) continue;
    times.bare.push(bareMs);
    times.nexos.push(nexosMs);
  }
  const [bareMedian, nexosMedian] = [median(times.bare), median(times.nexos)];
  return { bare: bareMedian, nexos: nexosMedian, ratio: ratio(nexosMedian, bareMedian) };
}

function medianOf<T extends object>(rounds: readonly T[]): T {
  const [first] = rounds;
  if (first === undefined) throw new Error('There are no rounds.');
  const keys = Object.keys(first) as (keyof T)[];
  return Object.fromEntries(
    keys.map((key) => [key, median(rounds.map((round) => Number(round[key])))]),
  ) as unknown as T;
}

function ratio(nexos: number, bare: number): number {
  return Math.round((nexos / bare) * 100) / 100;
}

function print(name: string, comparison: DeployComparison): void {
  const { bare, bareWithNetwork, nexos, ratio: quotient, ratioWithNetwork } = comparison;
  const { total, ...stages } = nexos;
  const listed = (times: object) =>
    Object.entries(times)
      .map(([stage, ms]) => `${stage} ${ms}`)
      .join(', ');
  const { accept, queue, fetch, build, start, probe, route } = stages;
  const extra = { build: build - bare.build, start: start - bare.start, probe: probe - bare.probe };
  const bareLine = (label: string, { total: ms, ...times }: BareStages) =>
    `  ${label}  ${ms} ms: docker build ${times.build}, docker service create ${times.start}, first response ${times.probe}\n`;
  process.stdout.write(`${name}
${bareLine('bare ', bare)}${bareWithNetwork === null ? '' : bareLine('bare with a new network', bareWithNetwork)}  Nexos  ${total} ms: ${listed(stages)}
  extra  ${total - bare.total} ms: ${listed({ accept, queue, fetch, ...extra, route })}
  ratio  ${quotient}${ratioWithNetwork === null ? '' : `, with a new network ${ratioWithNetwork}`}

`);
}

function printRatio(
  name: string,
  { bare, nexos, ratio: quotient }: { bare: number; nexos: number; ratio: number },
): void {
  process.stdout.write(
    `${name}\n  bare   ${bare} ms: docker service scale\n  Nexos  ${nexos} ms\n  ratio  ${quotient}\n\n`,
  );
}

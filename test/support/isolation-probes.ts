import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ownerLabels } from '@nexos/engine';
import type Docker from 'dockerode';
import { inject } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  INSTANCE as WORKER,
  rawEngine,
} from '../integration/engine/engine-fixture.js';
import { eventually } from './eventually.js';
import { IsolatedBuilds } from './isolated-builds.js';
import { removeInstallation } from './machine.js';

/** An installation of its own, in the form that setup of other clones takes for one. */
export const PROBES_INSTANCE = WORKER.replace('-', '');
const METADATA = '169.254.169.254';
const NETWORK = `nexos-${PROBES_INSTANCE}-builds`;
const LIMITS = { pids: 100, memoryMb: 128, cpus: 1 };
/** A name that looks public and leads to a private address. */
const NAME = 'files.example.org';

/** Perl is part of every Debian. Tries all addresses at once, and prints a line for each. */
export const CONNECT = `perl -MIO::Socket::INET -e 'for (@ARGV) { next if fork; my ($n, $a) = split /=/; $s = IO::Socket::INET->new(PeerAddr => $a, Timeout => 2); print "probe $n ", ($s ? "through" : "blocked"), "\\n"; exit } 1 while wait > 0'`;
export const LISTEN = `perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1) or die; print "listening at ", qx(hostname -I), "\\n"; sleep 60'`;
/** Serves a redirect at a port that builds may use, and a secret at one that they may not. */
const SERVER = `
const http = require('http');
const [own] = Object.values(require('os').networkInterfaces()).flat().filter((a) => !a.internal && a.family === 'IPv4');
http.createServer((q, s) => q.url === '/redirect'
  ? s.writeHead(302, { location: 'http://' + own.address + ':8081/secret' }).end()
  : s.end('public')).listen(8080);
http.createServer((q, s) => { console.log('reached', q.url); s.end('secret'); }).listen(8081, () => console.log('ready'));
`;

/** The addresses at which every container reaches services of the machine that listen on all addresses. */
export const MACHINE = [
  'machine, over the bridge of builds',
  'machine, over its default bridge',
  'machine, over the bridge of the Swarm',
];

/** The same probes, for builds of both setups and for apps: what can they connect to? */
export class IsolationProbes {
  private constructor(
    readonly builds: IsolatedBuilds,
    private readonly host: Server,
    private readonly server: Docker.Container,
    /** The address of a server that serves a redirect at port 8080, which builds may use, and a secret at 8081. */
    readonly serverAddress: string,
    /** Builds with the engine of isolated builds. */
    readonly isolated: EngineFixture,
    /** Builds, and runs apps, with the machine's engine. */
    readonly standard: EngineFixture,
    /** What the probes connect to, by name. */
    private readonly targets: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<IsolationProbes> {
    await removeInstallation(PROBES_INSTANCE);
    let server: Docker.Container | undefined;
    const options = { instance: PROBES_INSTANCE, images: [BASE_IMAGE], limits: LIMITS, diskMb: 1024 };
    const builds = await IsolatedBuilds.start(options, async () => {
      server = await startServer();
      return [`${await addressOf(server)}:8080`];
    });
    if (server === undefined) throw new Error('the server was not started');
    const serverAddress = await addressOf(server);
    const variables = { NEXOS_INSTANCE: PROBES_INSTANCE, ...builds.env };
    const isolated = await engineFixture({ ...variables, DOCKER_HOST: builds.host });
    const standard = await engineFixture(variables);
    const host = createServer((_, response) => void response.end('secret'));
    await once(host.listen(0, '0.0.0.0'), 'listening');
    const { port } = host.address() as AddressInfo;
    const probes = new IsolationProbes(builds, host, server, serverAddress, isolated, standard, {
      'loopback of the machine': `127.0.0.1:${port}`,
      'registry of Nexos, on loopback': builds.registry,
      'machine, over the bridge of builds': `${await gatewayOf(NETWORK)}:${port}`,
      'machine, over its default bridge': `${await gatewayOf('bridge')}:${port}`,
      'machine, over the bridge of the Swarm': `${await gatewayOf('docker_gwbridge')}:${port}`,
      'Swarm, over the bridge of builds': `${await gatewayOf(NETWORK)}:7946`,
      'registry of Nexos, at its container': `${await addressOf(builds.container('registry'))}:5000`,
      'Postgres of Nexos': `${await storeAddress('postgres')}:5432`,
      'Redis of Nexos': `${await storeAddress('redis')}:6379`,
      'private server': `${serverAddress}:8081`,
      'private server, by name': `${NAME}:8081`,
      'metadata address': `${METADATA}:80`,
      'engine of builds': `${await addressOf(builds.container('build-engine'))}:2375`,
    });
    await probes.inEngine('ip', 'address', 'add', `${METADATA}/32`, 'dev', 'lo');
    const listen = `TCP-LISTEN:80,bind=${METADATA},reuseaddr,fork`;
    await probes.inEngine('setsid', '--fork', 'socat', listen, 'SYSTEM:echo metadata');
    return probes;
  }

  async stop(): Promise<void> {
    this.host.close();
    await Promise.all([this.isolated.close(), this.standard.close()]);
    await this.builds.stop();
  }

  /** The targets as arguments of `CONNECT`. */
  get arguments(): string[] {
    return Object.values(this.targets).map((address, index) => `${index}=${address}`);
  }

  /** Returns the targets that a probe reached, by its output. */
  reachedIn(output: string): string[] {
    const names = Object.keys(this.targets);
    const results = [...output.matchAll(/probe (\d+) (through|blocked)\s*$/gm)];
    if (results.length !== names.length) throw new Error(`the probe did not try all addresses:\n${output}`);
    const through = new Set(results.filter(([, , end]) => end === 'through').map(([, at]) => Number(at)));
    return names.filter((_, at) => through.has(at));
  }

  /** Connects to each target from a step; returns those that were reached. */
  async reachedByStep(fixture: EngineFixture): Promise<string[]> {
    // No step is cached.
    const step = `RUN : ${randomUUID()} && ${CONNECT} ${this.arguments.join(' ')}`;
    return this.reachedIn((await this.build(fixture, step)).output);
  }

  /** Has the engine fetch from each target; returns those that answered. */
  async reachedByAdd(fixture: EngineFixture, names = Object.keys(this.targets)): Promise<string[]> {
    const turns = names.map(async (name) => {
      const { failure, output } = await this.build(
        fixture,
        `ADD http://${this.targets[name] ?? ''}/secret /secret`,
      );
      // A server that does not speak HTTP, or wants a token, was reached too.
      const text = `${String(failure)} ${String((failure as Error | null)?.cause)} ${output}`;
      return failure === null || /status|malformed|EOF|reset|HTTP/.test(text) ? [name] : [];
    });
    return (await Promise.all(turns)).flat();
  }

  async build(fixture: EngineFixture, lines: string): Promise<{ failure: unknown; output: string }> {
    const request = buildOf(`FROM ${BASE_IMAGE}\n${lines}\n`);
    const failure = await fixture.builder.build(request).then(
      () => null,
      (error: unknown) => error,
    );
    return { failure, output: request.lines.map(({ text }) => text).join('\n') };
  }

  /** Returns what the private server has said about its visitors. */
  async visits(): Promise<string> {
    return logOf(this.server);
  }

  /** Returns when the container of the engine of builds was started. */
  async startedAt(): Promise<string> {
    return (await this.builds.container('build-engine').inspect()).State.StartedAt;
  }

  /** Runs a command in the container of the engine of builds. */
  async inEngine(...command: string[]): Promise<void> {
    const exec = await this.builds.container('build-engine').exec({ Cmd: command, AttachStdout: true });
    const output = await exec.start({});
    output.resume();
    await once(output, 'end');
    const { ExitCode: code } = await exec.inspect();
    if (code !== 0) throw new Error(`${command.join(' ')} exited with ${code}`);
  }
}

async function startServer(): Promise<Docker.Container> {
  const container = await rawEngine().createContainer({
    Image: inject('system').images.node,
    Cmd: ['node', '-e', SERVER],
    Labels: ownerLabels(PROBES_INSTANCE, {}),
    HostConfig: { NetworkMode: NETWORK },
    NetworkingConfig: { EndpointsConfig: { [NETWORK]: { Aliases: [NAME] } } },
  });
  await container.start();
  await eventually('the server to listen', async () => {
    return (await logOf(container)).includes('ready') || undefined;
  });
  return container;
}

async function logOf(container: Docker.Container): Promise<string> {
  return (await container.logs({ stdout: true, stderr: true })).toString();
}

async function addressOf(container: Docker.Container): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
}

async function storeAddress(name: string): Promise<string> {
  return addressOf(rawEngine().getContainer(`nexos-${inject('system').env.NEXOS_INSTANCE}-${name}`));
}

async function gatewayOf(network: string): Promise<string> {
  const { IPAM } = await rawEngine().getNetwork(network).inspect();
  const { Gateway, Subnet = '' } = IPAM?.Config?.[0] ?? {};
  // Of its default bridge the engine may tell the subnet alone.
  return Gateway ?? Subnet.replace(/\.0\/\d+$/, '.1');
}

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeploymentFailure } from '@nexos/domain';
import { ownerLabels } from '@nexos/engine';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  INSTANCE as WORKER,
  newOwner,
  nextTestSubnet,
  rawEngine,
} from '../integration/engine/engine-fixture.js';
import { eventually } from '../support/eventually.js';
import { removeInstallation, startBuildEngine, startRegistry } from '../support/machine.js';

/*
 * The same probes run inside builds of both setups and inside an app. docs/operating/builds.md and SECURITY.md say what
 * each of them keeps apart.
 */

/** An installation of its own, in the form that setup of other clones takes for one. */
const INSTANCE = WORKER.replace('-', '');
const MIB = 1024 * 1024;
const METADATA = '169.254.169.254';
const NETWORK = `nexos-${INSTANCE}-builds`;
const LIMITS = { pids: 100, memoryMb: 128, cpus: 1 };
/** A name that looks public and leads to a private address. */
const NAME = 'files.example.org';
const never = new AbortController().signal;

/** Perl is part of every Debian. Prints one line for each address. */
const CONNECT = `perl -MIO::Socket::INET -e 'for (@ARGV) { my ($n, $a) = split /=/; $s = IO::Socket::INET->new(PeerAddr => $a, Timeout => 2); print "probe $n ", ($s ? "through" : "blocked"), "\\n" }'`;
const LISTEN = `perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1) or die; print "listening at ", qx(hostname -I), "\\n"; sleep 60'`;
/** Serves a redirect at a port that builds may use, and a secret at one that they may not. */
const SERVER = `
const http = require('http');
const [own] = Object.values(require('os').networkInterfaces()).flat().filter((a) => !a.internal && a.family === 'IPv4');
http.createServer((q, s) => q.url === '/redirect'
  ? s.writeHead(302, { location: 'http://' + own.address + ':8081/secret' }).end()
  : s.end('public')).listen(8080);
http.createServer((q, s) => { console.log('reached', q.url); s.end('secret'); }).listen(8081, () => console.log('ready'));
`;

let folder: string;
let host: Server;
let server: Docker.Container;
let serverAddress: string;
let isolated: EngineFixture;
let standard: EngineFixture;
let isolatedEngine: Docker;
/** What the probes connect to, by name. */
let targets: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexos-isolated-'));
  const { host: registryHost, pem } = await startRegistry(INSTANCE, folder);
  server = await startServer();
  serverAddress = await addressOf(server);
  const dockerHost = await startBuildEngine({
    ...{ instance: INSTANCE, home: folder, registryHost, limits: LIMITS, diskMb: 1024 },
    allowed: [`${serverAddress}:8080`],
  });
  isolatedEngine = new Docker({ socketPath: dockerHost.replace('unix://', '') });
  const loaded = await isolatedEngine.loadImage(await rawEngine().getImage(BASE_IMAGE).get());
  loaded.resume();
  await once(loaded, 'end');
  await inEngine('ip', 'address', 'add', `${METADATA}/32`, 'dev', 'lo');
  const variables = { NEXOS_INSTANCE: INSTANCE, REGISTRY_URL: registryHost, REGISTRY_TOKEN_PEM_FILE: pem };
  isolated = await engineFixture({ ...variables, DOCKER_HOST: dockerHost });
  standard = await engineFixture(variables);
  host = createServer((_, response) => void response.end('secret'));
  await once(host.listen(0, '0.0.0.0'), 'listening');
  const { port } = host.address() as AddressInfo;
  targets = {
    'loopback of the machine': `127.0.0.1:${port}`,
    'registry of Nexos, on loopback': registryHost,
    'machine, over the bridge of builds': `${await gatewayOf(NETWORK)}:${port}`,
    'machine, over its default bridge': `${await gatewayOf('bridge')}:${port}`,
    'machine, over the bridge of the Swarm': `${await gatewayOf('docker_gwbridge')}:${port}`,
    'Swarm, over the bridge of builds': `${await gatewayOf(NETWORK)}:7946`,
    'registry of Nexos, at its container': `${await addressOf(containerNamed('registry'))}:5000`,
    'Postgres of Nexos': `${await storeAddress('postgres')}:5432`,
    'Redis of Nexos': `${await storeAddress('redis')}:6379`,
    'private server': `${serverAddress}:8081`,
    'private server, by name': `${NAME}:8081`,
    'metadata address': `${METADATA}:80`,
    'engine of builds': `${await addressOf(containerNamed('build-engine'))}:2375`,
  };
});
afterAll(async () => {
  host.close();
  await Promise.all([isolated.close(), standard.close()]);
  await removeInstallation(INSTANCE);
  rmSync(folder, { recursive: true });
});

async function startServer(): Promise<Docker.Container> {
  const container = await rawEngine().createContainer({
    Image: inject('system').images.node,
    Cmd: ['node', '-e', SERVER],
    Labels: ownerLabels(INSTANCE, {}),
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

function containerNamed(name: string): Docker.Container {
  return rawEngine().getContainer(`nexos-${INSTANCE}-${name}`);
}

async function addressOf(container: Docker.Container): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
}

async function storeAddress(name: string): Promise<string> {
  return addressOf(rawEngine().getContainer(`nexos-${inject('system').env.NEXOS_INSTANCE}-${name}`));
}

async function gatewayOf(network: string): Promise<string> {
  const { IPAM } = (await rawEngine().getNetwork(network).inspect()) as Docker.NetworkInspectInfo;
  return IPAM?.Config?.[0]?.Gateway ?? '';
}

/** Runs a command in the container of the engine of builds. */
async function inEngine(...command: string[]): Promise<void> {
  const exec = await containerNamed('build-engine').exec({ Cmd: command, AttachStdout: true });
  const output = await exec.start({});
  output.resume();
  await once(output, 'end');
  expect((await exec.inspect()).ExitCode, command.join(' ')).toBe(0);
}

async function build(fixture: EngineFixture, lines: string): Promise<{ failure: unknown; output: string }> {
  const request = buildOf(`FROM ${BASE_IMAGE}\n${lines}\n`);
  const failure = await fixture.builder.build(request).then(
    () => null,
    (error: unknown) => error,
  );
  return { failure, output: request.lines.map(({ text }) => text).join('\n') };
}

/** Connects to each target from a step; returns those that were reached. */
async function reachedByStep(fixture: EngineFixture): Promise<string[]> {
  const named = Object.values(targets).map((address, index) => `${index}=${address}`);
  const { failure, output } = await build(fixture, `RUN ${CONNECT} ${named.join(' ')}`);
  expect(failure, output).toBeNull();
  return reachedIn(output);
}

function reachedIn(output: string): string[] {
  const names = Object.keys(targets);
  const results = [...output.matchAll(/probe (\d+) (through|blocked)\s*$/gm)];
  expect(results).toHaveLength(names.length);
  return results.flatMap(([, index, result]) => (result === 'through' ? [names[Number(index)] ?? ''] : []));
}

/** Has the engine fetch from each target; returns those that answered. */
async function reachedByAdd(fixture: EngineFixture, names = Object.keys(targets)): Promise<string[]> {
  const reached: string[] = [];
  for (const name of names) {
    const { failure, output } = await build(fixture, `ADD http://${targets[name] ?? ''}/secret /secret`);
    // A server that does not speak HTTP, or wants a token, was reached too.
    const text = `${String(failure)} ${String((failure as Error | null)?.cause)} ${output}`;
    if (failure === null || /status|malformed|EOF|reset|HTTP/.test(text)) reached.push(name);
  }
  return reached;
}

describe('isolated builds', () => {
  it('let no step reach anything that is not public', async () => {
    expect(await reachedByStep(isolated)).toEqual([]);
  });

  it('let the engine fetch nothing that is not public, but from the registry', async () => {
    expect(await reachedByAdd(isolated)).toEqual(['registry of Nexos, on loopback']);
  });
});

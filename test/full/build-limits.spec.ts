import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeploymentFailure } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
} from '../integration/engine/engine-fixture.js';
import { eventually } from '../support/eventually.js';
import { applyBuildLimits, daemonFlags } from '../support/machine.js';
import { SmallEngine } from '../support/small-engine.js';

/** Its own, since the machine's engine has builds, too. */
const CGROUP = `nexos-test-${process.pid}`;
const LIMITS = { pids: 100, memoryMb: 128, cpus: 1 };

const ROOT = '/sys/fs/cgroup';
/** Perl is part of every Debian. */
const LISTEN = `perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1) or die; print "listening at ", qx(hostname -I), "\\n"; sleep 60'`;
const CONNECT = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(PeerAddr => "ADDRESS", Timeout => 2); print "got ", $s ? "through" : $!, "\\n"'`;

describe('an engine that Nexos started', () => {
  let small: SmallEngine;
  let fixture: EngineFixture;

  beforeAll(async () => {
    expect(applyBuildLimits(LIMITS, CGROUP)).toBeNull();
    const config = { 'cgroup-parent': CGROUP };
    const own = daemonFlags(config, { isolates: true, limitsBuilds: true });
    small = await SmallEngine.start({
      sizeMb: 1024,
      images: [BASE_IMAGE],
      flags: [
        ...own,
        '--iptables=true',
        `--cgroup-parent=/${CGROUP}`,
        '--exec-opt=native.cgroupdriver=cgroupfs',
      ],
    });
    fixture = await engineFixture({ DOCKER_HOST: small.host });
  });
  afterAll(async () => {
    await fixture.close();
    await small.stop();
    await eventually('the cgroups to be free', () =>
      Promise.resolve(
        [ROOT, ...folders(ROOT)].every((folder) => removeCgroup(join(folder, CGROUP))) || undefined,
      ),
    );
  });

  async function run(command: string): Promise<{ failure: unknown; output: string }> {
    const build = buildOf(`FROM ${BASE_IMAGE}\nRUN ${command}\n`);
    const failure = await fixture.builder.build(build).then(
      () => null,
      (error: unknown) => error,
    );
    return { failure, output: build.lines.map(({ text }) => text).join('\n') };
  }

  it('tells the builder that it isolates builds', async () => {
    expect((await fixture.engine.info()).labels).toContain(`dev.nexos.build-limits=${CGROUP}/buildkit`);
    expect(await fixture.engine.sharesDefaultBridge()).toBe(false);
  });

  it('refuses a step that asks for the network of the machine', async () => {
    const { failure, output } = await run('--network=host true');
    expect(failure, output).toBeInstanceOf(DeploymentFailure);
    expect(`${String(failure)}\n${output}`).toMatch(/network\.host|unknown flag: network/i);
  });

  it('stops a build that starts 3,000 processes, and says so', async () => {
    const { failure, output } = await run(
      'i=0; while [ $i -lt 3000 ]; do sleep 60 & i=$((i+1)); done; echo "all $i"',
    );
    expect(failure, output).toBeInstanceOf(DeploymentFailure);
    expect(failure).toMatchObject({ code: 'build_step_failed' });
    expect(String(failure)).toContain('BUILD_PIDS');
    expect(output).not.toContain('all 3000');
  });

  it('stops a build that takes 3 GiB of memory, and says so', async () => {
    const { failure, output } = await run(
      `tail -c 3G /dev/zero | head -c 1 | wc -c && dd if=/dev/zero of=/dev/null bs=3G count=1`,
    );
    expect(failure, output).toBeInstanceOf(DeploymentFailure);
    expect(failure).toMatchObject({ code: 'build_step_failed' });
    expect(String(failure)).toContain('BUILD_MEMORY_MB');
  });

  it('keeps the steps of two builds from reaching each other', async () => {
    const over = new AbortController();
    const listening = buildOf(`FROM ${BASE_IMAGE}\nRUN ${LISTEN}\n`, { signal: over.signal });
    const ended = fixture.builder.build(listening).catch((error: unknown) => error);
    const address = await eventually('the step to listen', () => {
      const found = listening.lines.map(({ text }) => / listening at ([\d.]+)/.exec(text)?.[1]);
      return Promise.resolve(found.find((text) => text !== undefined));
    });
    const { failure, output } = await run(CONNECT.replace('ADDRESS', `${address}:8080`));
    over.abort(new Error('enough'));
    await ended;
    expect(failure).toBeNull();
    expect(output).toMatch(/ got Connection timed out$/m);
  });
});

function folders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** Returns false while a process, even a dead one, is left in it. */
function removeCgroup(group: string): boolean {
  if (!existsSync(group)) return true;
  if (!folders(group).every(removeCgroup)) return false;
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}

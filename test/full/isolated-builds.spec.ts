import { DeploymentFailure } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONNECT, IsolationProbes, MACHINE } from '../support/isolation-probes.js';

/*
 * The same probes run inside builds of both setups and inside an app. docs/operating/builds.md and SECURITY.md say what
 * each of them keeps apart.
 */

let probes: IsolationProbes;

beforeAll(async () => {
  probes = await IsolationProbes.start();
});
afterAll(() => probes.stop());

describe('isolated builds', () => {
  it('let no step reach anything that is not public', async () => {
    expect(await probes.reachedByStep(probes.isolated)).toEqual([]);
  });

  it('let the engine fetch nothing that is not public, but from the registry', async () => {
    expect(await probes.reachedByAdd(probes.isolated)).toEqual(['registry of Nexos, on loopback']);
  });

  it('do not follow a redirect to a private address', async () => {
    const url = `http://${probes.serverAddress}:8080`;
    expect((await probes.build(probes.isolated, `ADD ${url}/file /file`)).failure).toBeNull();
    expect((await probes.build(probes.isolated, `ADD ${url}/redirect /file`)).failure).toBeInstanceOf(
      DeploymentFailure,
    );
    expect(await probes.visits()).not.toContain('reached');
    const { output } = await probes.build(
      probes.isolated,
      `RUN ${CONNECT} allowed=${probes.serverAddress}:8080`,
    );
    expect(output).toMatch(/probe allowed through/);
  });

  it('owe all that to the packet filter', async () => {
    await probes.inEngine('nft', 'delete', 'table', 'inet', 'nexos_builds');
    expect(await probes.reachedByStep(probes.isolated)).toEqual(
      expect.arrayContaining([
        ...MACHINE,
        'registry of Nexos, at its container',
        'private server',
        'metadata address',
      ]),
    );
    const through = ['machine, over the bridge of builds', 'private server', 'private server, by name'];
    expect(await probes.reachedByAdd(probes.isolated, through)).toEqual(through);
  });
});

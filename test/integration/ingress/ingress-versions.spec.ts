import { hostReference, targetKey, versionKey, versionName } from '@nexos/ingress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngressFixture, targetOf } from './ingress-fixture.js';
import { visit, visitEcho } from './visitor.js';

const ENVIRONMENT = 'env_1';
const HOSTS = { app: 'main-shop.test', api: 'main-shop-api.test' } as const;
const CONTAINERS = ['app', 'api'] as const;
const VERSIONS = ['dep_1', 'dep_2'];

let ingress: IngressFixture;
beforeAll(async () => {
  ingress = await IngressFixture.start();
  const apps = VERSIONS.flatMap((version) => CONTAINERS.map((container) => [version, container] as const));
  await Promise.all(
    apps.map(([version, container]) =>
      ingress.startApp(nameOf(version, container), nameOf(version, container)),
    ),
  );
  for (const [version, container] of apps) {
    const key = targetKey(ENVIRONMENT, container, versionName(version, 0));
    await ingress.versions.set(key, targetOf(nameOf(version, container)));
  }
  for (const container of CONTAINERS) {
    await ingress.map.set(HOSTS[container], hostReference(ENVIRONMENT, container));
  }
});
afterAll(() => ingress.stop());

function nameOf(version: string, container: string): string {
  return `${version.replace('_', '')}-${container}`;
}
const at = (host: string) => ({ port: ingress.port, host, headers: {}, path: '/' });
const answerOf = async (host: string) => {
  const { status, body } = await visit(at(host));
  return { status, body };
};
const seen = async () =>
  (await Promise.all(CONTAINERS.map((one) => visitEcho(at(HOSTS[one]))))).map(({ version }) => version);

describe('an environment with several host names', () => {
  it('has no version before its first one', async () => {
    for (const container of CONTAINERS)
      expect(await answerOf(HOSTS[container])).toEqual(await answerOf('unknown.test'));
  });

  it('leads all of them to another version with one change', async () => {
    for (const version of [...VERSIONS, ...VERSIONS]) {
      await ingress.versions.set(versionKey(ENVIRONMENT), versionName(version, 0));
      expect(await seen()).toEqual(CONTAINERS.map((container) => nameOf(version, container)));
    }
  });

  it('cannot be reached by a name of the map of versions', async () => {
    for (const host of [
      versionKey(ENVIRONMENT),
      hostReference(ENVIRONMENT, 'app'),
      versionName('dep_1', 0),
    ]) {
      expect((await visit(at(host))).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('answers as an unknown host when its version has no such container', async () => {
    await ingress.map.set(HOSTS.api, hostReference(ENVIRONMENT, 'gone'));
    expect(await answerOf(HOSTS.api)).toEqual(await answerOf('unknown.test'));
    expect((await visit(at(HOSTS.app))).status).toBe(200);
    await ingress.map.set(HOSTS.api, hostReference(ENVIRONMENT, 'api'));
  });
});

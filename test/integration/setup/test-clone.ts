import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ingressConfigFolder } from '../../../docker/local/platform.js';
import { stop } from '../../../docker/local/stop.js';

/** A clone with its own data folder and a small HAProxy configuration. */
export interface TestClone {
  readonly home: string;
  readonly configDir: string;
  readonly lines: string[];
  readonly log: (line: string) => void;
  writeConfig(answer: string): void;
  /** Stops the clone's installation and deletes everything. */
  remove(): Promise<void>;
}

export function createTestClone(): TestClone {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nexos-setup-')));
  const home = join(folder, '.nexos');
  const configDir = join(folder, 'haproxy');
  const lines: string[] = [];
  mkdirSync(configDir);
  copyFileSync(join(ingressConfigFolder, 'start.sh'), join(configDir, 'start.sh'));
  const clone: TestClone = {
    home,
    configDir,
    lines,
    log: (line) => lines.push(line),
    writeConfig: (answer) => writeFileSync(join(configDir, 'haproxy.cfg'), haproxyConfig(answer)),
    async remove() {
      await stop({ home, purge: true, log: () => undefined });
      rmSync(folder, { recursive: true, force: true });
    },
  };
  clone.writeConfig('one');
  return clone;
}

/** Returns an environment in which setup starts all services itself. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { DOCKER_HOST, HOME, PATH } = process.env;
  return { HOME, PATH, ...(DOCKER_HOST ? { DOCKER_HOST } : {}) };
}

function haproxyConfig(answer: string): string {
  return `
global
  maxconn 200
  stats socket /run/nexos/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind "$INGRESS_BIND"
  http-request return status 200 content-type text/plain string ${answer}
`;
}

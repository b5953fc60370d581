import { createHash, randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from './progress.mjs';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The git-ignored folder with all data of this clone. */
export const defaultHome = join(root, '.nexos');

const ID_LENGTH = 6;
const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The labels of everything Nexos creates on the engine; anything without them is not ours. */
export const LABELS = {
  /** The clone's id. */
  instance: 'dev.nexos.instance',
  /** The absolute path of the clone's `.nexos`. */
  home: 'dev.nexos.home',
  /** The machine that the path is on. */
  machine: 'dev.nexos.machine',
  /** A hash of the container's configuration. */
  config: 'dev.nexos.config',
};

export type PortName = 'postgres' | 'redis' | 'ingress' | 'registry';

/** What every step of setup needs. */
export interface Context {
  readonly home: string;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  /** The descriptor of setup's lock, which the programs that it runs inherit. */
  readonly lock: number;
}

/** Replaces a file atomically: readers see the old text or the new one, also after a crash. */
export function writeAtomically(path: string, text: string, mode: number): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode, flush: true });
  renameSync(temporary, path);
}

export function readIfExists(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Returns the clone's id, which labels everything that it creates on an engine that clones may share. */
export function readInstance(home: string): string | undefined {
  const id = readIfExists(join(home, 'instance'))?.trim();
  return id !== undefined && /^[a-z0-9]{1,16}$/.test(id) ? id : undefined;
}

export function createInstance(home: string): string {
  mkdirSync(home, { recursive: true });
  const id = Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
  writeAtomically(join(home, 'instance'), `${id}\n`, 0o644);
  return id;
}

/** Returns the labels that identify the owner of a container or network. */
export function ownerLabels(home: string, instance: string): Record<string, string> {
  return { [LABELS.instance]: instance, [LABELS.home]: home, [LABELS.machine]: machineId() };
}

/** Identifies this machine among those that share an engine, because a path is valid on one machine only. */
export function machineId(): string {
  const id = `${hostname()}\n${readIfExists('/etc/machine-id') ?? ''}`;
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}

/** Returns the ports of this clone's containers, which recreated containers get again. */
export function readPorts(home: string): Partial<Record<PortName, number>> {
  const text = readIfExists(join(home, 'local.json')) ?? '{}';
  return (JSON.parse(text) as { ports?: Partial<Record<PortName, number>> }).ports ?? {};
}

export function keepPort(home: string, name: PortName, port: number): void {
  const text = JSON.stringify({ ports: { ...readPorts(home), [name]: port } }, null, 2);
  writeAtomically(join(home, 'local.json'), `${text}\n`, 0o644);
}

/** Returns the path of a secret, and creates its folder with access for this user alone. */
export function secretPath(home: string, name: string): string {
  const folder = join(home, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return join(folder, name);
}

/** Returns a secret of the local setup; the first call generates its 32 bytes. */
export function secret(home: string, name: string, encoding: 'base64' | 'base64url' | 'hex'): string {
  const path = secretPath(home, name);
  if (!existsSync(path)) writeAtomically(path, randomBytes(32).toString(encoding), 0o600);
  return readFileSync(path, 'utf8').trim();
}

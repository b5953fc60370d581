// @ts-check
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIfThere, writeAtomically } from './atomic-file.mjs';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The git-ignored folder that holds all that this clone keeps. */
export const defaultHome = join(root, '.nexos');

const ID_LENGTH = 6;
const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The id that marks what belongs to this clone on an engine that several clones may share.
 *
 * @param {string} home
 * @returns {string | undefined}
 */
export function readInstance(home) {
  const id = readIfThere(join(home, 'instance'))?.trim();
  return id !== undefined && /^[a-z0-9]{1,16}$/.test(id) ? id : undefined;
}

/** @param {string} home */
export function createInstance(home) {
  mkdirSync(home, { recursive: true });
  const id = Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
  writeAtomically(join(home, 'instance'), `${id}\n`, 0o644);
  return id;
}

/**
 * What tells this machine from another that shares its engine: a path means something on one machine only.
 */
export function machineId() {
  return createHash('sha256')
    .update(`${hostname()}\n${readIfThere('/etc/machine-id') ?? ''}`)
    .digest('hex')
    .slice(0, 12);
}

/** @typedef {'postgres' | 'redis' | 'ingress'} PortName */

/**
 * @param {string} home
 * @returns {Partial<Record<PortName, number>>}
 */
export function readPorts(home) {
  const text = readIfThere(join(home, 'local.json'));
  return text === undefined ? {} : (JSON.parse(text).ports ?? {});
}

/**
 * @param {string} home
 * @param {PortName} name
 * @param {number} port
 */
export function keepPort(home, name, port) {
  const ports = readPorts(home);
  if (ports[name] === port) return;
  writeAtomically(
    join(home, 'local.json'),
    `${JSON.stringify({ ports: { ...ports, [name]: port } }, null, 2)}\n`,
    0o644,
  );
}

/** @param {string} home */
export function secretsFolder(home) {
  const folder = join(home, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

/**
 * Reads a secret of the local system, making it the first time.
 *
 * @param {string} home
 * @param {string} name
 * @param {'base64' | 'base64url' | 'hex'} encoding of its 32 random bytes
 */
export function secret(home, name, encoding) {
  const path = join(secretsFolder(home), name);
  if (readIfThere(path) === undefined) writeAtomically(path, randomBytes(32).toString(encoding), 0o600);
  return readFileSync(path, 'utf8').trim();
}

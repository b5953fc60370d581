// @ts-check
import { createHash } from 'node:crypto';
import { EngineError } from './engine-api.mjs';
import { freePort } from './free-port.mjs';
import { keepPort, machineId, readPorts } from './home.mjs';
import { LABELS } from './labels.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

/** @typedef {import('./home.mjs').PortName} PortName */
/** @typedef {import('./engine-api.mjs').EngineApi} EngineApi */
/** @typedef {{ Id: string, Names: string[], State: string, Labels: Record<string, string>, NetworkSettings: { Networks: Record<string, { NetworkID: string }> } }} ContainerSummary */
/**
 * @typedef {object} Platform what the containers of one clone have in common
 * @property {EngineApi} engine
 * @property {string} home
 * @property {string} instance
 * @property {(line: string) => void} log
 */
/**
 * @typedef {object} ContainerSpec
 * @property {string} name
 * @property {string} image
 * @property {string} imageId the image that the name means now; a new one makes a new container
 * @property {string} network the name of its own bridge network
 * @property {number} containerPort
 * @property {number} firstPort where the search for a free port on 127.0.0.1 begins
 * @property {PortName} [portName] under which the port is kept in the home
 * @property {number | undefined} [fixedPort] use this port, or fail
 * @property {number} stopSeconds
 * @property {Record<string, unknown>} config what is added to the engine's create request
 * @property {Record<string, unknown>} hostConfig
 * @property {unknown} [configFiles] anything whose change must make a new container
 */

const PORT_TAKEN = /port is already allocated|address already in use/i;
const PORT_TRIES = 20;

/**
 * Makes one container of the local platform run as wanted. It is kept while its configuration is the wanted one,
 * started when it stands still, and made anew otherwise; networks that it was connected to meanwhile are kept.
 *
 * @param {Platform} platform
 * @param {ContainerSpec} spec
 * @returns {Promise<{ id: string, port: number, created: boolean }>}
 */
export async function ensureContainer(platform, spec) {
  const hash = hashOf(platform, spec);
  const existing = await findContainer(platform.engine, spec.name);
  if (existing !== undefined) {
    if (existing.Labels[LABELS.instance] !== platform.instance) {
      throw new SetupError(
        `A container named ${spec.name} exists and is not this clone's. Remove or rename it.`,
      );
    }
    const port = Number(existing.Labels[LABELS.port]);
    if (existing.Labels[LABELS.config] === hash && (await revive(platform, existing))) {
      if (spec.portName) keepPort(platform.home, spec.portName, port);
      return { id: existing.Id, port, created: false };
    }
    await removeContainer(platform.engine, existing.Id, spec.stopSeconds);
  }
  const made = await create(platform, spec, hash);
  for (const [name, { NetworkID }] of Object.entries(existing?.NetworkSettings.Networks ?? {})) {
    if (name !== spec.network) await reconnect(platform.engine, NetworkID, made.id);
  }
  return { ...made, created: true };
}

/**
 * Stops a container in its own way, then removes it with its anonymous volumes. One that is gone is no error.
 *
 * @param {EngineApi} engine
 * @param {string} id
 * @param {number} stopSeconds
 */
export async function removeContainer(engine, id, stopSeconds) {
  try {
    await engine.request('POST', `/containers/${id}/stop`, { query: { t: stopSeconds } });
    await engine.request('DELETE', `/containers/${id}`, { query: { v: true, force: true } });
  } catch (error) {
    if (!(error instanceof EngineError && (error.status === 404 || error.status === 409))) throw error;
  }
}

/**
 * @param {EngineApi} engine
 * @param {string} name
 * @returns {Promise<ContainerSummary | undefined>}
 */
export async function findContainer(engine, name) {
  /** @type {ContainerSummary[]} */
  const found = await engine.request('GET', '/containers/json', {
    query: { all: true, filters: { name: [`^/${name}$`] } },
  });
  return found[0];
}

/**
 * @param {Platform} platform
 * @param {ContainerSummary} container
 * @returns {Promise<boolean>} false when it cannot be brought back
 */
async function revive({ engine, log }, { Id: id, State: state, Names: names }) {
  if (state === 'running' || state === 'restarting') return true;
  if (state === 'dead' || state === 'removing') return false;
  try {
    await engine.request('POST', `/containers/${id}/${state === 'paused' ? 'unpause' : 'start'}`);
    return true;
  } catch (error) {
    log(`${names[0]?.slice(1)} cannot be started again (${messageOf(error)}); making it anew.`);
    return false;
  }
}

/**
 * @param {Platform} platform
 * @param {ContainerSpec} spec
 * @param {string} hash
 */
async function create({ engine, home, instance }, spec, hash) {
  let first = (spec.portName && readPorts(home)[spec.portName]) || spec.firstPort;
  for (let attempt = 1; ; attempt += 1) {
    const port = spec.fixedPort ?? (await freePort(first));
    const labels = { ...baseLabels(home, instance), [LABELS.config]: hash, [LABELS.port]: String(port) };
    const { Id: id } = await createWithImage(engine, spec, requestOf(spec, port, labels));
    try {
      await engine.request('POST', `/containers/${id}/start`);
      if (spec.portName) keepPort(home, spec.portName, port);
      return { id: String(id), port };
    } catch (error) {
      await engine.request('DELETE', `/containers/${id}`, { query: { force: true, v: true } });
      if (!PORT_TAKEN.test(messageOf(error)) || attempt === PORT_TRIES || spec.fixedPort !== undefined) {
        throw new SetupError(`${spec.name} cannot be started: ${messageOf(error)}`);
      }
      first = port + 1;
    }
  }
}

/**
 * @param {EngineApi} engine
 * @param {ContainerSpec} spec
 * @param {unknown} body
 */
async function createWithImage(engine, spec, body) {
  try {
    return await engine.request('POST', '/containers/create', { query: { name: spec.name }, body });
  } catch (error) {
    throw new SetupError(`${spec.name} cannot be created from ${spec.image}: ${messageOf(error)}`);
  }
}

/**
 * @param {string} home
 * @param {string} instance
 * @returns {Record<string, string>}
 */
export function baseLabels(home, instance) {
  return { [LABELS.instance]: instance, [LABELS.home]: home, [LABELS.machine]: machineId() };
}

/**
 * @param {ContainerSpec} spec
 * @param {number} port
 * @param {Record<string, string>} labels
 */
function requestOf(spec, port, labels) {
  const inside = `${spec.containerPort}/tcp`;
  return {
    ...spec.config,
    Image: spec.image,
    Labels: labels,
    ExposedPorts: { [inside]: {} },
    HostConfig: {
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: spec.network,
      PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      ...spec.hostConfig,
    },
  };
}

/**
 * @param {Platform} platform
 * @param {ContainerSpec} spec
 */
function hashOf({ home, instance }, spec) {
  const wanted = requestOf(spec, spec.fixedPort ?? 0, baseLabels(home, instance));
  return createHash('sha256')
    .update(JSON.stringify([wanted, spec.imageId, spec.configFiles]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * @param {EngineApi} engine
 * @param {string} network
 * @param {string} container
 */
async function reconnect(engine, network, container) {
  try {
    await engine.request('POST', `/networks/${network}/connect`, { body: { Container: container } });
  } catch (error) {
    // A network that has gone meanwhile needs no connection.
    if (!(error instanceof EngineError && error.status === 404)) throw error;
  }
}

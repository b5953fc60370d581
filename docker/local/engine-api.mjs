// @ts-check
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './setup-error.mjs';

/** The engine answered with an error status; the message is the engine's own. */
export class EngineError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}

/**
 * @typedef {object} RequestOptions
 * @property {Record<string, unknown>} [query] objects are sent as JSON, as the engine wants its filters
 * @property {unknown} [body] a `Readable` is streamed as a tar, anything else is sent as JSON
 * @property {AbortSignal} [signal]
 */

/**
 * The little of the Docker Engine API that set-up needs, over the engine's socket: it has to work before any
 * package is installed, and on machines that have an engine but no `docker` program. Paths carry no version, so
 * that old and new engines each speak their own. https://docs.docker.com/reference/api/engine/
 */
export class EngineApi {
  #agent;
  #client;
  /** @type {import('node:http').RequestOptions} */
  #address;

  /**
   * @param {string} dockerHost `unix:///path` or `tcp://host:port`
   * @param {NodeJS.ProcessEnv} [environment] for DOCKER_TLS_VERIFY and DOCKER_CERT_PATH
   */
  constructor(dockerHost, environment = {}) {
    this.dockerHost = dockerHost;
    const tls = dockerHost.startsWith('https:') || Boolean(environment['DOCKER_TLS_VERIFY']);
    this.#client = tls ? https : http;
    this.#agent = new this.#client.Agent({ keepAlive: true });
    this.#address = addressOf(dockerHost, tls ? (environment['DOCKER_CERT_PATH'] ?? '') : undefined);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<any>} the JSON answer, or its text when it is not JSON; the caller knows the shape
   * @throws {EngineError}
   */
  async request(method, path, options = {}) {
    const response = await this.stream(method, path, options);
    const text = await textOf(response);
    return response.headers['content-type']?.startsWith('application/json') && text !== ''
      ? JSON.parse(text)
      : text;
  }

  /**
   * As `request`, for answers that go on: resolves with the response once its status says success.
   *
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<import('node:http').IncomingMessage>}
   * @throws {EngineError}
   */
  async stream(method, path, { query = {}, body, signal } = {}) {
    const tar = body instanceof Readable;
    const json = body === undefined || tar ? undefined : JSON.stringify(body);
    const headers = tar
      ? { 'content-type': 'application/x-tar' }
      : json === undefined
        ? { 'content-length': 0 }
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
    const request = this.#client.request({
      ...this.#address,
      agent: this.#agent,
      method,
      path: `${path}${queryOf(query)}`,
      headers,
      ...(signal ? { signal } : {}),
    });
    const answered = new Promise((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    if (tar) {
      // The engine may answer with an error before it has read everything; then that answer is what counts.
      pipeline(body, request).catch((error) => request.destroy(error));
    } else {
      request.end(json);
    }
    /** @type {import('node:http').IncomingMessage} */
    const response = await answered;
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    throw new EngineError(status, errorText(await textOf(response)));
  }
}

/**
 * Reads the engine's stream of JSON lines (pull, build, import) to its end.
 *
 * @param {import('node:http').IncomingMessage} response
 * @param {(message: { stream?: string, status?: string, id?: string }) => void} onMessage
 * @throws {EngineError} for an error that comes after the status has said success
 */
export async function followJson(response, onMessage) {
  for await (const line of createInterface({ input: response })) {
    if (line.trim() === '') continue;
    const message = JSON.parse(line);
    if (typeof message.error === 'string') throw new EngineError(500, message.error);
    onMessage(message);
  }
}

/**
 * @param {string} dockerHost
 * @param {string | undefined} certificates folder of ca.pem, cert.pem and key.pem
 */
function addressOf(dockerHost, certificates) {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) };
  if (!/^(tcp|https?):\/\//.test(dockerHost)) {
    throw new SetupError(
      `DOCKER_HOST must begin with unix:// or tcp://; it is ${dockerHost.split(':')[0]}:…`,
    );
  }
  const { hostname, port } = new URL(dockerHost.replace(/^tcp:/, 'http:'));
  const address = { host: hostname, port: port || (certificates === undefined ? 2375 : 2376) };
  if (!certificates) return address;
  return {
    ...address,
    ca: readFileSync(join(certificates, 'ca.pem')),
    cert: readFileSync(join(certificates, 'cert.pem')),
    key: readFileSync(join(certificates, 'key.pem')),
  };
}

/** @param {Record<string, unknown>} query */
function queryOf(query) {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    text.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return text.size === 0 ? '' : `?${text.toString()}`;
}

/** @param {import('node:http').IncomingMessage} response */
async function textOf(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** @param {string} text */
function errorText(text) {
  try {
    return String(JSON.parse(text).message);
  } catch {
    return text.trim();
  }
}

import { verify } from 'node:crypto';
import { EventEmitter } from 'node:events';
import protobuf from 'protobufjs/light.js';
import ssh2, { type ParsedKey } from 'ssh2';
import { describe, expect, it, vi } from 'vitest';
import { sshMethods } from './ssh-agent.js';

const BytesMessage = protobuf.Root.fromJSON({
  nested: { BytesMessage: { fields: { data: { type: 'bytes', id: 1 } } } },
}).lookupType('BytesMessage');

/** Other tests keep the machine busy meanwhile. */
const PATIENCE = { timeout: 20_000 };

const keys = {
  ed25519: ssh2.utils.generateKeyPairSync('ed25519'),
  rsa: ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }),
  ecdsa: ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }),
};

function check(secrets: Record<string, string>, id: string): Promise<string> {
  const missing: string[] = [];
  const [method] = sshMethods(secrets, (name) => missing.push(name));
  const request = Buffer.concat([Buffer.from([0x0a, id.length]), Buffer.from(id)]);
  return new Promise((resolve) => {
    const handle = method?.handle as (call: object, callback: (error: Error | null) => void) => void;
    handle({ request }, (error) => resolve(error === null ? 'served' : `missing ${missing.join()}`));
  });
}

/** Talks to an agent as ssh does in a build step. */
function connect(secrets: Record<string, string>, id: string) {
  const [, method] = sshMethods(secrets, () => undefined);
  const client = new ssh2.AgentProtocol(true);
  const call = Object.assign(new EventEmitter(), {
    metadata: { get: () => [id] },
    write: (message: Buffer) =>
      client.write(Buffer.from((BytesMessage.decode(message) as unknown as { data: Uint8Array }).data)),
    end: () => client.destroy(),
  });
  client.on('data', (data: Buffer) => call.emit('data', Buffer.from(BytesMessage.encode({ data }).finish())));
  (method?.handle as (call: object) => void)(call);
  return client;
}

/** Returns the two integers of an ECDSA signature, with 32 bytes each. */
function integersIn(signature: Buffer): Buffer[] {
  const length = signature.readUInt32BE(0);
  const parts = [signature.subarray(4, 4 + length), signature.subarray(8 + length)];
  return parts.map((part) => Buffer.concat([Buffer.alloc(32), part]).subarray(-32));
}

describe('the SSH agent of a build', () => {
  it.each(Object.entries(keys))(
    'signs with a key of the type %s, without revealing it',
    async (type, pair) => {
      const client = connect({ DEPLOY_KEY: pair.private, NPM_TOKEN: 'no key' }, 'default');
      const [listed] = await new Promise<ParsedKey[]>((resolve, reject) => {
        client.getIdentities((error, found) =>
          found ? resolve(found) : reject(error ?? new Error('no keys')),
        );
      });
      const wanted = ssh2.utils.parseKey(pair.public) as ParsedKey;
      expect(listed?.getPublicSSH()).toEqual(wanted.getPublicSSH());
      expect(listed?.isPrivateKey()).toBe(false);
      const data = Buffer.from('to be signed');
      const signature = await new Promise<Buffer>((resolve, reject) => {
        client.sign(wanted, data, { hash: 'sha256' }, (error, made) =>
          error || made === undefined ? reject(error ?? new Error()) : resolve(made),
        );
      });
      if (type === 'ecdsa') {
        const key = { key: wanted.getPublicPEM(), dsaEncoding: 'ieee-p1363' } as const;
        expect(verify('sha256', data, key, Buffer.concat(integersIn(signature)))).toBe(true);
      } else {
        expect(wanted.verify(data, signature, type === 'rsa' ? 'sha256' : undefined)).toBe(true);
      }
    },
  );

  it('signs nothing with a key that it does not have', async () => {
    const client = connect({ DEPLOY_KEY: keys.ed25519.private }, 'DEPLOY_KEY');
    const other = ssh2.utils.parseKey(keys.rsa.public) as ParsedKey;
    const failed = await new Promise((resolve) => {
      client.sign(other, Buffer.from('x'), (error) => resolve(error));
    });
    expect(failed).toBeInstanceOf(Error);
  });

  it('does not wait for a message that is longer than any request', () => {
    const [, method] = sshMethods({ KEY: keys.ed25519.private }, () => undefined);
    let hasEnded = false;
    const call = Object.assign(new EventEmitter(), {
      metadata: { get: () => ['KEY'] },
      write: () => true,
      end: () => (hasEnded = true),
    });
    (method?.handle as (call: object) => void)(call);
    const send = (data: Buffer) => call.emit('data', Buffer.from(BytesMessage.encode({ data }).finish()));
    send(Buffer.from([0x7f, 0xff, 0xff, 0xff, 13]));
    return vi.waitUntil(() => {
      send(Buffer.alloc(64 * 1024));
      return hasEnded;
    }, PATIENCE);
  });

  it('has a step that reads no answers wait', async () => {
    const [, method] = sshMethods({ KEY: keys.ed25519.private }, () => undefined);
    const client = new ssh2.AgentProtocol(true);
    const turns: string[] = [];
    const call = Object.assign(new EventEmitter(), {
      metadata: { get: () => ['KEY'] },
      write: () => false,
      pause: () => turns.push('pause'),
      resume: () => turns.push('resume'),
      end: () => undefined,
    });
    (method?.handle as (call: object) => void)(call);
    client.on('data', (data: Buffer) =>
      call.emit('data', Buffer.from(BytesMessage.encode({ data }).finish())),
    );
    client.getIdentities(() => undefined);
    await vi.waitUntil(() => turns.length === 1, PATIENCE);
    call.emit('drain');
    expect(turns).toEqual(['pause', 'resume']);
  });

  it.each<[Record<string, string>, string, string]>([
    [{ A: keys.rsa.private }, '', 'served'],
    [{ A: keys.rsa.private }, 'default', 'served'],
    [{ A: keys.rsa.private, B: keys.ed25519.private }, 'B', 'served'],
    [{ A: keys.rsa.private, B: keys.ed25519.private }, 'default', 'missing default'],
    [{ A: keys.rsa.private }, 'B', 'missing B'],
    [{ A: 'no PRIVATE KEY' }, 'A', 'missing A'],
    [{ A: keys.rsa.public }, 'A', 'missing A'],
  ])('exists where a secret is a private key, case %#', async (secrets, id, expected) => {
    expect(await check(secrets, id)).toBe(expected);
  });
});

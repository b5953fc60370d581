import {
  CopyObjectCommand,
  CreateBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginUpload, get, put, S3Fixture } from './s3-fixture.js';

let s3: S3Fixture;
beforeAll(async () => {
  s3 = await S3Fixture.create();
});
afterAll(() => s3.stop());

const DONE = { kind: 'exited', code: 0 };
const named = (name: string) => expect.objectContaining({ name }) as Error;

/** Interrupts a call right before its `step`th change, so that this change and later ones do not happen. */
class Interruption extends Error {}
function interruptingAt(step: number) {
  let changes = 0;
  return () => (++changes === step ? Promise.reject(new Interruption()) : Promise.resolve());
}

describe("a project's S3 server", () => {
  it('is ready once it answers', async () => {
    const ready = s3.run(s3.recipe.waitReady(s3.newEnvironment()));
    await s3.startServer();
    expect(await ready).toEqual(DONE);
  });

  it('gives each environment its own bucket, named after its id', async () => {
    const { variables, client, credentials } = await s3.environment();
    expect(variables).toMatchObject({
      S3_ENDPOINT: 'http://s3:7070',
      S3_BUCKET: credentials.name.replace('_', '-'),
    });
    expect(variables.S3_BUCKET).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    await put(client, variables.S3_BUCKET, 'a folder/ü + ?', 'kept');
    expect(await get(client, variables.S3_BUCKET, 'a folder/ü + ?')).toBe('kept');
  });

  it("rejects another environment's keys, wrong keys and unknown keys", async () => {
    const one = await s3.environment();
    const other = await s3.environment();
    const Bucket = one.variables.S3_BUCKET;
    await put(one.client, Bucket, 'secret', 'of one');
    const refused = (client: S3Client, error: string) =>
      Promise.all([
        expect(get(client, Bucket, 'secret')).rejects.toEqual(named(error)),
        expect(put(client, Bucket, 'secret', 'changed')).rejects.toEqual(named(error)),
        expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toEqual(named(error)),
      ]);
    await refused(other.client, 'AccessDenied');
    await refused(
      s3.client({ ...one.variables, S3_SECRET_KEY: other.variables.S3_SECRET_KEY }),
      'SignatureDoesNotMatch',
    );
    await refused(s3.client({ ...one.variables, S3_ACCESS_KEY: 'nobody' }), 'InvalidAccessKeyId');
    const copy = { Bucket: other.variables.S3_BUCKET, Key: 'copy', CopySource: `${Bucket}/secret` };
    await expect(other.client.send(new CopyObjectCommand(copy))).rejects.toEqual(named('AccessDenied'));
    const { Buckets } = await other.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([other.variables.S3_BUCKET]);
    await expect(other.client.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toEqual(
      named('AccessDenied'),
    );
    expect(await get(one.client, Bucket, 'secret')).toBe('of one');
  });

  it('completes an interrupted provisioning, and keeps existing objects', async () => {
    for (let step = 1; ; step++) {
      const credentials = s3.newEnvironment();
      const variables = s3.recipe.variables(credentials);
      const provision = await s3.recipe.provision(credentials);
      const first = await s3.run(provision, interruptingAt(step)).catch((error: unknown) => error);
      expect(await s3.run(provision)).toEqual(DONE);
      await put(s3.client(variables), variables.S3_BUCKET, 'kept', String(step));
      expect(await s3.run(provision)).toEqual(DONE);
      expect(await get(s3.client(variables), variables.S3_BUCKET, 'kept')).toBe(String(step));
      if (!(first instanceof Interruption)) break;
      expect(step).toBeLessThan(20);
    }
  });

  it('completes an interrupted deprovisioning', async () => {
    for (let step = 1; ; step++) {
      const { credentials, variables, client } = await s3.environment();
      const Bucket = variables.S3_BUCKET;
      await put(client, Bucket, 'object', 'content');
      await beginUpload(client, Bucket, 'upload');
      const deprovision = s3.recipe.deprovision(credentials);
      const first = await s3.run(deprovision, interruptingAt(step)).catch((error: unknown) => error);
      expect(await s3.run(deprovision)).toEqual(DONE);
      expect(await s3.buckets()).not.toContain(Bucket);
      await expect(get(client, Bucket, 'object')).rejects.toEqual(named('InvalidAccessKeyId'));
      expect(await s3.run(deprovision)).toEqual(DONE);
      if (!(first instanceof Interruption)) break;
      expect(step).toBeLessThan(20);
    }
  });

  it('removes a bucket with more than a page of objects and with unfinished uploads', async () => {
    const { credentials, variables, client } = await s3.environment();
    const stays = await s3.environment();
    await put(stays.client, stays.variables.S3_BUCKET, 'stays', 'here');
    const Bucket = variables.S3_BUCKET;
    const keys = Array.from({ length: 1_105 }, (_, i) => `folder ${i % 7}/${i}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => put(client, Bucket, key, key)));
    }
    await Promise.all([beginUpload(client, Bucket, 'one'), beginUpload(client, Bucket, 'two')]);
    const listed = await s3.administrator().send(new ListMultipartUploadsCommand({ Bucket }));
    expect(listed.Uploads).toHaveLength(2);
    let changes = 0;
    const guard = () => {
      changes++;
      return Promise.resolve();
    };
    expect(await s3.run(s3.recipe.deprovision(credentials), guard)).toEqual(DONE);
    // The account, two pages, two uploads and the bucket: the guard runs right before each. A page that a busy machine
    // does not empty in time is requested again.
    expect(changes).toBeGreaterThanOrEqual(6);
    expect(await s3.buckets()).not.toContain(Bucket);
    expect(await get(stays.client, stays.variables.S3_BUCKET, 'stays')).toBe('here');
  });

  it('keeps accounts and objects across a restart', async () => {
    const { variables, client } = await s3.environment();
    await put(client, variables.S3_BUCKET, 'kept', 'across a restart');
    await s3.container?.restart({ t: 5 });
    expect(await s3.run(s3.recipe.waitReady(s3.newEnvironment()))).toEqual(DONE);
    expect(await get(client, variables.S3_BUCKET, 'kept')).toBe('across a restart');
  });

  it('logs neither keys nor object names', async () => {
    const { variables, client } = await s3.environment();
    await client.send(new PutObjectCommand({ Bucket: variables.S3_BUCKET, Key: 'private-name', Body: 'x' }));
    const written = String(await s3.container?.logs({ stdout: true, stderr: true }));
    expect(written).not.toContain('private-name');
    expect(written).not.toContain(variables.S3_SECRET_KEY);
  });

  it('is not retried when it rejects a call, and times out when it does not start', async () => {
    const lines: string[] = [];
    const wrong = { ...s3.newEnvironment(), adminPassword: 'another' };
    const refused = await s3.run(await s3.recipe.provision(wrong), undefined, lines);
    expect(refused).toEqual({ kind: 'exited', code: 1 });
    expect(lines).toEqual(['ListBuckets: SignatureDoesNotMatch (403)']);
    await s3.container?.stop({ t: 5 });
    const end = await s3.run(s3.recipe.waitReady(s3.newEnvironment()));
    expect(end).toMatchObject({ kind: 'timed-out', lastState: expect.stringMatching(/^it is /) as string });
  });
});

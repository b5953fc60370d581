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

/** Cuts a call off at its `step`th change: nothing of that change and of what follows is done. */
class CutOff extends Error {}
function cuttingOffAt(step: number) {
  let changes = 0;
  return () => (++changes === step ? Promise.reject(new CutOff()) : Promise.resolve());
}

describe('the S3 server of a project', () => {
  it('is waited for until it answers', async () => {
    const greeting = s3.run(s3.recipe.waitReady(s3.newEnvironment()));
    await s3.startServer();
    expect(await greeting).toEqual(DONE);
  });

  it('gives an environment a bucket of its own, whose name is its id', async () => {
    const { told, client, credentials } = await s3.environment();
    expect(told).toMatchObject({
      S3_ENDPOINT: 'http://s3:7070',
      S3_BUCKET: credentials.name.replace('_', '-'),
    });
    expect(told.S3_BUCKET).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    await put(client, told.S3_BUCKET, 'a folder/ü + ?', 'kept');
    expect(await get(client, told.S3_BUCKET, 'a folder/ü + ?')).toBe('kept');
  });

  it('lets nobody else in: not the keys of another environment, not wrong keys, not none', async () => {
    const one = await s3.environment();
    const other = await s3.environment();
    const Bucket = one.told.S3_BUCKET;
    await put(one.client, Bucket, 'secret', 'of one');
    const refused = (client: S3Client, error: string) =>
      Promise.all([
        expect(get(client, Bucket, 'secret')).rejects.toEqual(named(error)),
        expect(put(client, Bucket, 'secret', 'changed')).rejects.toEqual(named(error)),
        expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toEqual(named(error)),
      ]);
    await refused(other.client, 'AccessDenied');
    await refused(
      s3.client({ ...one.told, S3_SECRET_KEY: other.told.S3_SECRET_KEY }),
      'SignatureDoesNotMatch',
    );
    await refused(s3.client({ ...one.told, S3_ACCESS_KEY: 'nobody' }), 'InvalidAccessKeyId');
    const copy = { Bucket: other.told.S3_BUCKET, Key: 'copy', CopySource: `${Bucket}/secret` };
    await expect(other.client.send(new CopyObjectCommand(copy))).rejects.toEqual(named('AccessDenied'));
    const { Buckets } = await other.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([other.told.S3_BUCKET]);
    await expect(other.client.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toEqual(
      named('AccessDenied'),
    );
    expect(await get(one.client, Bucket, 'secret')).toBe('of one');
  });

  it('comes to the same end wherever providing was cut off, and keeps what is there', async () => {
    for (let step = 1; ; step++) {
      const credentials = s3.newEnvironment();
      const told = s3.recipe.variables(credentials);
      const provision = await s3.recipe.provision(credentials);
      const first = await s3.run(provision, cuttingOffAt(step)).catch((error: unknown) => error);
      expect(await s3.run(provision)).toEqual(DONE);
      await put(s3.client(told), told.S3_BUCKET, 'kept', String(step));
      expect(await s3.run(provision)).toEqual(DONE);
      expect(await get(s3.client(told), told.S3_BUCKET, 'kept')).toBe(String(step));
      if (!(first instanceof CutOff)) break;
      expect(step).toBeLessThan(20);
    }
  });

  it('comes to the same end wherever taking away was cut off', async () => {
    for (let step = 1; ; step++) {
      const { credentials, told, client } = await s3.environment();
      const Bucket = told.S3_BUCKET;
      await put(client, Bucket, 'object', 'content');
      await beginUpload(client, Bucket, 'upload');
      const withdraw = s3.recipe.deprovision(credentials);
      const first = await s3.run(withdraw, cuttingOffAt(step)).catch((error: unknown) => error);
      expect(await s3.run(withdraw)).toEqual(DONE);
      expect(await s3.buckets()).not.toContain(Bucket);
      await expect(get(client, Bucket, 'object')).rejects.toEqual(named('InvalidAccessKeyId'));
      expect(await s3.run(withdraw)).toEqual(DONE);
      if (!(first instanceof CutOff)) break;
      expect(step).toBeLessThan(20);
    }
  });

  it('takes a bucket away with more in it than fits on a page, and uploads that nobody ended', async () => {
    const { credentials, told, client } = await s3.environment();
    const stays = await s3.environment();
    await put(stays.client, stays.told.S3_BUCKET, 'stays', 'here');
    const Bucket = told.S3_BUCKET;
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
    // The account, two pages, two uploads and the bucket: each was asked for right before it. A page that a busy machine
    // does not empty in time is asked for again.
    expect(changes).toBeGreaterThanOrEqual(6);
    expect(await s3.buckets()).not.toContain(Bucket);
    expect(await get(stays.client, stays.told.S3_BUCKET, 'stays')).toBe('here');
  });

  it('keeps accounts and objects when it starts again', async () => {
    const { told, client } = await s3.environment();
    await put(client, told.S3_BUCKET, 'kept', 'over a restart');
    await s3.container?.restart({ t: 5 });
    expect(await s3.run(s3.recipe.waitReady(s3.newEnvironment()))).toEqual(DONE);
    expect(await get(client, told.S3_BUCKET, 'kept')).toBe('over a restart');
  });

  it('writes down neither keys nor the names of objects', async () => {
    const { told, client } = await s3.environment();
    await client.send(new PutObjectCommand({ Bucket: told.S3_BUCKET, Key: 'private-name', Body: 'x' }));
    const written = String(await s3.container?.logs({ stdout: true, stderr: true }));
    expect(written).not.toContain('private-name');
    expect(written).not.toContain(told.S3_SECRET_KEY);
  });

  it('that refuses is not asked again, and one that does not come up is given up in time', async () => {
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

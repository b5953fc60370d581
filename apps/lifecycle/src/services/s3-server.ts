import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type MultipartUpload,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { S3Connection } from './s3-connection.js';

const PAGE = 1000;
const NO_BUCKET = ['NoSuchBucket'];
/** Attempts to empty a bucket, which may be written to meanwhile. */
const ATTEMPTS = 3;
/** The characters of names and passwords; none needs escaping in XML or in a query. */
const PLAIN = /^[\w-]+$/;

/** Manages accounts and buckets of a project's S3 server. Every method is idempotent. */
export class S3Server {
  /** @param onProgress called after each page that was removed */
  constructor(
    private readonly connection: S3Connection,
    private readonly onProgress: () => void,
  ) {}

  /** Returns once the server answers. */
  async waitReady(): Promise<void> {
    await this.connection.ask(new ListBucketsCommand({}));
  }

  /** Creates an account that cannot create buckets, or resets the secret of an existing one. */
  async putAccount(name: string, secret: string): Promise<void> {
    const changed = `<Secret>${plain(secret)}</Secret>`;
    const account = `<Account><Access>${plain(name)}</Access>${changed}<Role>user</Role></Account>`;
    const known = await this.connection.administer('create-user', {}, account, ['XAdminUserExists']);
    if (known === null) return;
    await this.connection.administer(
      'update-user',
      { access: name },
      `<MutableProps>${changed}</MutableProps>`,
    );
  }

  async removeAccount(name: string): Promise<void> {
    await this.connection.administer('delete-user', { access: plain(name) }, '', ['XAdminUserNotFound']);
  }

  /** Creates a bucket and makes an account its owner; only the administrator can use it in between. */
  async putBucket(bucket: string, owner: string): Promise<void> {
    const known = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];
    await this.connection.change(new CreateBucketCommand({ Bucket: bucket }), known);
    await this.connection.administer('change-bucket-owner', { bucket: plain(bucket), owner: plain(owner) });
  }

  /**
   * Removes a bucket and its contents, a page at a time.
   *
   * @returns false when the bucket stays because it is not empty: the gateway refuses to delete an object, lists it
   *   under another name that XML can hold (https://github.com/versity/versitygw/issues/1985), or does not list it at
   *   all
   */
  async removeBucket(bucket: string): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const isEmpty = await this.drain(
        () => this.objectsIn(bucket),
        (page) => this.deleteObjects(bucket, page),
      );
      // Unfinished multipart uploads take space too.
      const isDone = await this.drain(
        () => this.uploadsIn(bucket),
        (page) => this.abortUploads(bucket, page),
      );
      if (isEmpty && isDone && (await this.deleteBucket(bucket))) return true;
    }
    return false;
  }

  /** Removes the first page until none is left; returns false when the page stays the same. */
  private async drain<Item>(
    list: () => Promise<Item[]>,
    remove: (page: Item[]) => Promise<void>,
  ): Promise<boolean> {
    let before = '';
    for (let page = await list(); page.length > 0; page = await list()) {
      const names = JSON.stringify(page);
      if (names === before) return false;
      before = names;
      await remove(page);
      this.onProgress();
    }
    return true;
  }

  /** Lists the first page of objects in a bucket, or of old versions once no objects are left. */
  private async objectsIn(bucket: string): Promise<ObjectIdentifier[]> {
    const of = { Bucket: bucket, MaxKeys: PAGE };
    const { Contents = [] } = (await this.connection.ask(new ListObjectsV2Command(of), NO_BUCKET)) ?? {};
    if (Contents.length > 0) return Contents.map(({ Key }) => ({ Key }));
    const old = await this.connection.ask(new ListObjectVersionsCommand(of), NO_BUCKET);
    return [...(old?.Versions ?? []), ...(old?.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
  }

  /** Deletes a page of objects; refused ones are listed again. */
  private async deleteObjects(bucket: string, page: ObjectIdentifier[]): Promise<void> {
    const request = { Bucket: bucket, Delete: { Objects: page, Quiet: true } };
    await this.connection.change(new DeleteObjectsCommand(request), NO_BUCKET);
  }

  /** Returns false when the bucket is not empty; true also when it no longer exists. */
  private async deleteBucket(bucket: string): Promise<boolean> {
    const of = { Bucket: bucket };
    const expected = ['BucketNotEmpty', ...NO_BUCKET];
    if ((await this.connection.change(new DeleteBucketCommand(of), expected)) !== null) return true;
    return (await this.connection.ask(new HeadBucketCommand(of), ['NotFound', ...NO_BUCKET])) === null;
  }

  private async uploadsIn(bucket: string): Promise<MultipartUpload[]> {
    const request = new ListMultipartUploadsCommand({ Bucket: bucket });
    return (await this.connection.ask(request, NO_BUCKET))?.Uploads ?? [];
  }

  private async abortUploads(bucket: string, page: readonly MultipartUpload[]): Promise<void> {
    for (const { Key, UploadId } of page) {
      const request = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
      await this.connection.change(request, ['NoSuchUpload', ...NO_BUCKET]);
    }
  }
}

function plain(value: string): string {
  if (!PLAIN.test(value))
    throw new RangeError('account names and secrets may only contain letters, digits, _ and -');
  return value;
}

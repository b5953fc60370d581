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
/** How often it is tried to empty a bucket: something may have been written after it was. */
const ROUNDS = 3;
/** Names and passwords are made of these; none needs escaping in XML or in a query. */
const PLAIN = /^[\w-]+$/;

/** The accounts and buckets of a project's S3 server. Each method comes to the same end when it is repeated. */
export class S3Server {
  /** @param onProgress is told of each page that is taken away */
  constructor(
    private readonly connection: S3Connection,
    private readonly onProgress: () => void,
  ) {}

  /** Comes back once the server answers. */
  async waitReady(): Promise<void> {
    await this.connection.ask(new ListBucketsCommand({}));
  }

  /** Makes an account that can make no bucket, or gives it its secret again. */
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

  /** Makes a bucket and gives it to an account; nobody but the administrator can use it in between. */
  async putBucket(bucket: string, owner: string): Promise<void> {
    const known = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];
    await this.connection.change(new CreateBucketCommand({ Bucket: bucket }), known);
    await this.connection.administer('change-bucket-owner', { bucket: plain(bucket), owner: plain(owner) });
  }

  /**
   * Removes a bucket with all that is in it, a page at a time.
   *
   * @returns false when it stays with something in it: an object that the gateway refuses to delete, or lists by another
   * name, which XML can hold (https://github.com/versity/versitygw/issues/1985), or what it does not list at all
   */
  async removeBucket(bucket: string): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round++) {
      const isEmpty = await this.drain(
        () => this.objectsIn(bucket),
        (page) => this.deleteObjects(bucket, page),
      );
      // What was uploaded in parts and never put together takes space too.
      const isDone = await this.drain(
        () => this.uploadsIn(bucket),
        (page) => this.abortUploads(bucket, page),
      );
      if (isEmpty && isDone && (await this.deleteBucket(bucket))) return true;
    }
    return false;
  }

  /** Takes the first page away until there is none; false when that makes no difference to it. */
  private async drain<Item>(
    list: () => Promise<Item[]>,
    take: (page: Item[]) => Promise<void>,
  ): Promise<boolean> {
    let before = '';
    for (let page = await list(); page.length > 0; page = await list()) {
      const names = JSON.stringify(page);
      if (names === before) return false;
      before = names;
      await take(page);
      this.onProgress();
    }
    return true;
  }

  /** The first page of what is in a bucket: its objects, and once there is none any more, old versions of them. */
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

  /** What is refused is listed again. */
  private async deleteObjects(bucket: string, page: ObjectIdentifier[]): Promise<void> {
    const request = { Bucket: bucket, Delete: { Objects: page, Quiet: true } };
    await this.connection.change(new DeleteObjectsCommand(request), NO_BUCKET);
  }

  /** False when there is something in it; true also when it is gone already. */
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
  if (!PLAIN.test(value)) throw new RangeError('an account has a name or a secret that was not made here');
  return value;
}

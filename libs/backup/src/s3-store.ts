import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type BackupConfig } from '@nexos/config';
import { BackupError } from './backup-error.js';
import type { BackupStore } from './backup-store.js';
import { inPieces } from './pieces.js';

/** S3 allows 10,000 parts, so one file may have 156 GiB. */
const PART_BYTES = 16 * 1024 * 1024;
const MISSING = ['NoSuchKey', 'NotFound'];

/** Backups in a bucket, below a prefix. */
export class S3Store implements BackupStore {
  private readonly client: S3Client;

  /** @param prefix empty, or ends in `/` */
  constructor(
    config: BackupConfig,
    private readonly bucket: string,
    private readonly prefix: string,
  ) {
    const { accessKey, secretKey } = config;
    if (accessKey === undefined || secretKey === undefined) {
      throw new BackupError('Set BACKUP_S3_ACCESS_KEY and BACKUP_S3_SECRET_KEY for backups in S3.');
    }
    this.client = new S3Client({
      region: config.region,
      ...(config.endpoint !== undefined && { endpoint: config.endpoint, forcePathStyle: true }),
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
      // Servers other than Amazon's may not know the newer checksums; each file has its own in the manifest.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** Holds two parts in memory. An upload that was cut short leaves no object. */
  async write(path: string, source: AsyncIterable<Buffer>): Promise<void> {
    const of = { Bucket: this.bucket, Key: this.prefix + path };
    const pieces = inPieces(source, PART_BYTES);
    const first = await pieces.next();
    const second = first.done === true ? first : await pieces.next();
    if (second.done === true) {
      const body = first.done === true ? Buffer.alloc(0) : first.value;
      await this.client.send(new PutObjectCommand({ ...of, Body: body }));
      return;
    }
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand(of));
    try {
      const parts: { PartNumber: number; ETag: string | undefined }[] = [];
      const upload = async (piece: Buffer) => {
        const PartNumber = parts.length + 1;
        const part = new UploadPartCommand({ ...of, UploadId, PartNumber, Body: piece });
        parts.push({ PartNumber, ETag: (await this.client.send(part)).ETag });
      };
      if (first.done !== true) await upload(first.value);
      await upload(second.value);
      for await (const piece of pieces) await upload(piece);
      const MultipartUpload = { Parts: parts };
      await this.client.send(new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload }));
    } catch (error) {
      await this.client.send(new AbortMultipartUploadCommand({ ...of, UploadId }));
      throw error;
    }
  }

  async read(path: string): Promise<Readable> {
    try {
      const of = { Bucket: this.bucket, Key: this.prefix + path };
      const { Body } = await this.client.send(new GetObjectCommand(of));
      return Body as Readable;
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new BackupError(`${this.prefix}${path} is missing in the bucket ${this.bucket}.`);
    }
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: this.prefix + path }));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async listTop(): Promise<string[]> {
    const keys = await this.keysBelow('');
    return [...new Set(keys.map((key) => key.split('/', 1)[0] ?? ''))].filter((name) => name !== '');
  }

  async removeTop(name: string): Promise<void> {
    for (const key of await this.keysBelow(`${name}/`)) {
      await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: this.prefix + key }));
    }
  }

  private async keysBelow(path: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({
          Bucket: this.bucket,
          Prefix: this.prefix + path,
          ContinuationToken: token,
        }),
      );
      keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(this.prefix.length)));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && MISSING.includes(error.name);
}

// @ts-check
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {import('./gate.mjs').Answer} Answer */

const PAGE = 1000;
const UPLOAD = /^[\w-]+$/;

/**
 * What s3rver does not answer: the versions in a bucket (it keeps one of each object), and the uploads that are under way.
 *
 * @param {{ listObjects: (bucket: string, options: { maxKeys: number }) => Promise<{ objects: { key: string }[], isTruncated: boolean }> }} store
 * @param {string} folder
 */
export function extras(store, folder) {
  const uploadsOf = (/** @type {string} */ bucket) => join(folder, bucket, '._S3rver_uploads');
  return {
    /**
     * @param {string} bucket
     * @returns {Promise<Answer>}
     */
    async versions(bucket) {
      const { objects, isTruncated } = await store.listObjects(bucket, { maxKeys: PAGE });
      const versions = objects.map(
        ({ key }) => `<Version><Key>${escaped(key)}</Key><VersionId>null</VersionId></Version>`,
      );
      return answer('ListVersionsResult', `<IsTruncated>${isTruncated}</IsTruncated>${versions.join('')}`);
    },
    /**
     * @param {string} bucket
     * @returns {Promise<Answer>}
     */
    async uploads(bucket) {
      const ids = await namesIn(uploadsOf(bucket));
      const uploads = await Promise.all(
        ids.slice(0, PAGE).map(async (id) => {
          const key = await readFile(join(uploadsOf(bucket), id, 'key'), 'utf8');
          return `<Upload><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></Upload>`;
        }),
      );
      return answer('ListMultipartUploadsResult', uploads.join(''));
    },
    /**
     * @param {string} bucket
     * @param {string} id
     * @returns {Promise<Answer>}
     */
    async abort(bucket, id) {
      if (!UPLOAD.test(id)) return { status: 404, code: 'NoSuchUpload' };
      await rm(join(uploadsOf(bucket), id), { recursive: true, force: true });
      return { status: 204 };
    },
  };
}

/** @param {string} folder */
async function namesIn(folder) {
  try {
    return await readdir(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @param {string} name
 * @param {string} content
 * @returns {Answer}
 */
function answer(name, content) {
  return {
    status: 200,
    xml: `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`,
  };
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

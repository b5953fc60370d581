// @ts-check
import { administer } from './admin.mjs';
import { checkSignature } from './signature.mjs';

/**
 * @typedef {object} Asked
 * @property {import('node:http').IncomingMessage} request
 * @property {string} path
 * @property {URLSearchParams} query
 */
/** @typedef {{ status: number, code?: string, xml?: string }} Answer */
/**
 * @typedef {object} State
 * @property {string} region
 * @property {{ name: string, secret: string }} root
 * @property {import('./accounts.mjs').Accounts} accounts
 * @property {(bucket: string) => Promise<boolean>} hasBucket
 * @property {ReturnType<import('./extras.mjs').extras>} extras
 */

const STATUSES = { AuthorizationHeaderMalformed: 400 };

/**
 * Decides whether a request may pass on to s3rver, which lets everybody do everything that is not signed.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {State} state
 * @returns {Promise<Answer | null>} null: it may pass
 */
export async function stop(request, state) {
  const { root, accounts } = state;
  const secretOf = (/** @type {string} */ name) =>
    name === root.name ? root.secret : accounts.secretOf(name);
  const checked = checkSignature(request, { region: state.region, secretOf });
  if ('code' in checked) return { status: 403, ...checked, ...statusOf(checked.code) };
  const isRoot = checked.account === root.name;
  // As s3rver reads it: a URL's `..` would be taken for another bucket's.
  const [path = '', queried = ''] = (request.url ?? '/').split('?', 2);
  const query = new URLSearchParams(queried);
  if (request.method === 'PATCH') {
    return isRoot ? administer({ request, path, query }, state) : { status: 403, code: 'XAdminAccessDenied' };
  }
  const [, bucket = '', ...key] = decodeURIComponent(path).split('/');
  const source = decodeURIComponent(String(request.headers['x-amz-copy-source'] ?? '')).replace(/^\//, '');
  // The signed checksum of each piece is not checked, and pieces with a checksum at their end are not understood.
  if (String(request.headers['x-amz-content-sha256']).includes('TRAILER'))
    return { status: 501, code: 'NotImplemented' };
  if ([...key, ...source.split('/')].some((part) => part === '.' || part === '..'))
    return { status: 400, code: 'InvalidArgument' };
  if (isRoot) return answered(request, state, bucket, key, query);
  const isOwn = (/** @type {string} */ name) => accounts.ownerOf(name) === checked.account;
  if (bucket === '') return { status: 200, xml: bucketList(accounts.bucketsOf(checked.account)) };
  const mayMake = request.method === 'PUT' && key.join('') === '';
  if (!mayMake && !(await state.hasBucket(bucket))) return { status: 404, code: 'NoSuchBucket' };
  if (mayMake && query.size === 0) return { status: 403, code: 'AccessDenied' };
  if (!isOwn(bucket) || (source !== '' && !isOwn(source.split('/')[0] ?? '')))
    return { status: 403, code: 'AccessDenied' };
  return answered(request, state, bucket, key, query);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {State} state
 * @param {string} bucket
 * @param {string[]} key
 * @param {URLSearchParams} query
 * @returns {Promise<Answer | null>}
 */
async function answered({ method }, { extras, hasBucket }, bucket, key, query) {
  const isBucket = key.join('') === '';
  if (method === 'GET' && isBucket && (query.has('versions') || query.has('uploads'))) {
    if (!(await hasBucket(bucket))) return { status: 404, code: 'NoSuchBucket' };
    return query.has('versions') ? extras.versions(bucket) : extras.uploads(bucket);
  }
  const upload = query.get('uploadId');
  if (method === 'DELETE' && upload !== null) return extras.abort(bucket, upload);
  return null;
}

/** @param {string[]} names */
function bucketList(names) {
  const buckets = names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`);
  return `<ListAllMyBucketsResult><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`;
}

/** @param {string} code */
function statusOf(code) {
  const status = STATUSES[/** @type {keyof typeof STATUSES} */ (code)];
  return status === undefined ? {} : { status };
}

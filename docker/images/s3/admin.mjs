// @ts-check
import { text } from 'node:stream/consumers';
import { sha256 } from './signature.mjs';

/** @typedef {import('./gate.mjs').Asked} Asked */
/** @typedef {import('./gate.mjs').Answer} Answer */

const NAME = /^[\w-]{1,64}$/;

/**
 * The part of the gateway's admin API that is used: https://github.com/versity/versitygw/wiki/Admin-APIs
 *
 * @param {Asked} asked
 * @param {{ accounts: import('./accounts.mjs').Accounts, hasBucket: (bucket: string) => Promise<boolean> }} state
 * @returns {Promise<Answer>}
 */
export async function administer({ request, path, query }, { accounts, hasBucket }) {
  const body = await text(request);
  if (sha256(body) !== request.headers['x-amz-content-sha256']) {
    return { status: 400, code: 'XAmzContentSHA256Mismatch' };
  }
  const access = query.get('access') ?? '';
  const secret = element(body, 'Secret');
  switch (path.replace(/\/$/, '')) {
    case '/create-user': {
      const name = element(body, 'Access');
      if (!NAME.test(name) || secret === '' || element(body, 'Role') !== 'user') {
        return { status: 400, code: 'XAdminInvalidArgument' };
      }
      if (accounts.secretOf(name) !== undefined) return { status: 409, code: 'XAdminUserExists' };
      accounts.setSecret(name, secret);
      return { status: 201 };
    }
    case '/update-user':
      if (accounts.secretOf(access) === undefined) return { status: 404, code: 'XAdminUserNotFound' };
      accounts.setSecret(access, secret);
      return { status: 200 };
    case '/delete-user':
      accounts.remove(access);
      return { status: 200 };
    case '/list-users': {
      const users = accounts.names().map((name) => `<Accounts><Access>${name}</Access></Accounts>`);
      return { status: 200, xml: `<ListUserAccountsResult>${users.join('')}</ListUserAccountsResult>` };
    }
    case '/change-bucket-owner': {
      const [bucket, owner] = [query.get('bucket') ?? '', query.get('owner') ?? ''];
      if (accounts.secretOf(owner) === undefined) return { status: 404, code: 'XAdminUserNotFound' };
      if (!(await hasBucket(bucket))) return { status: 404, code: 'NoSuchBucket' };
      accounts.setOwner(bucket, owner);
      return { status: 200 };
    }
    default:
      return { status: 405, code: 'MethodNotAllowed' };
  }
}

/**
 * @param {string} xml without attributes, and with nothing in it that was escaped
 * @param {string} name
 */
function element(xml, name) {
  return new RegExp(`<${name}>([\\w-]*)</${name}>`).exec(xml)?.[1] ?? '';
}

// @ts-check
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([\w-]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const SKEW_MS = 15 * 60_000;

/**
 * Checks a request's signature, version 4, in its `Authorization` header.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {{ region: string, secretOf: (account: string) => string | undefined }} expected
 * @returns {{ account: string } | { code: string }} who has signed it, or what is wrong with it
 */
export function checkSignature(request, { region, secretOf }) {
  const { headers, method = '', url = '/' } = request;
  if (headers.authorization === undefined) return { code: 'AccessDenied' };
  const [, account = '', day = '', signedRegion = '', signed = '', signature = ''] =
    FORM.exec(headers.authorization) ?? [];
  if (account === '' || signedRegion !== region) return { code: 'AuthorizationHeaderMalformed' };
  const names = signed.split(';');
  const date = String(headers['x-amz-date']);
  const [, ...parts] = DATE.exec(date) ?? [];
  const [year = 0, month = 0, ...rest] = parts.map(Number);
  if (!date.startsWith(day) || !names.includes('host')) return { code: 'AccessDenied' };
  const time = Date.UTC(year, month - 1, rest[0], rest[1], rest[2], rest[3]);
  if (!(Math.abs(Date.now() - time) < SKEW_MS)) return { code: 'RequestTimeTooSkewed' };
  const secret = secretOf(account);
  if (secret === undefined) return { code: 'InvalidAccessKeyId' };
  const [path = '', query = ''] = url.split('?', 2);
  const canonical = [
    method,
    path,
    canonicalQuery(query),
    ...names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
  const isRight = timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
  return isRight ? { account } : { code: 'SignatureDoesNotMatch' };
}

/** @param {string} query as it was sent, which is encoded already */
function canonicalQuery(query) {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
}

/**
 * @param {string | Buffer} key
 * @param {string} text
 * @returns {Buffer}
 */
function hmac(key, text) {
  return createHmac('sha256', key).update(text).digest();
}

/** @param {string} text */
export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

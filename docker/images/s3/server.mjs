// @ts-check
import { createServer } from 'node:http';
// @ts-expect-error it brings no types
import S3rver from '@20minutes/s3rver';
import { Accounts } from './accounts.mjs';
import { extras } from './extras.mjs';
import { stop } from './gate.mjs';

const [, , backend, folder = ''] = process.argv;
const { ROOT_ACCESS_KEY: name = '', ROOT_SECRET_KEY: secret = '', VGW_IAM_DIR = '' } = process.env;
const { VGW_PORT = ':7070', VGW_REGION: region = 'us-east-1' } = process.env;
if (backend !== 'posix' || folder === '' || name === '' || secret === '' || VGW_IAM_DIR === '') {
  throw new Error('usage: versitygw posix FOLDER, with ROOT_ACCESS_KEY, ROOT_SECRET_KEY and VGW_IAM_DIR');
}

const s3rver = new S3rver({ directory: folder, silent: true, vhostBuckets: false });
const pass = s3rver.callback();
const state = {
  region,
  root: { name, secret },
  accounts: new Accounts(VGW_IAM_DIR),
  hasBucket: async (/** @type {string} */ bucket) => (await s3rver.store.getBucket(bucket)) !== null,
  extras: extras(s3rver.store, folder),
};

const server = createServer((request, response) => {
  stop(request, state).then(
    (answer) => {
      if (answer === null) {
        // It would check the signature again, and not as the SDK makes it.
        delete request.headers.authorization;
        pass(request, response);
        return;
      }
      const { status, code, xml = '' } = answer;
      const body = code === undefined ? xml : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
      response.writeHead(status, {
        'content-type': 'application/xml',
        'content-length': Buffer.byteLength(body),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
    (error) => {
      const isBad = error instanceof URIError;
      if (!isBad) console.error(error);
      response.writeHead(isBad ? 400 : 500).end();
    },
  );
});
server.listen(Number(VGW_PORT.replace(/^.*:/, '')), () => console.log('ready'));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export const BOARD_PATH = '/ops/queues';
const BASIC = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i;

/**
 * Lets a browser open the board: it asks for a name and a password, and the password is an API key
 * (RFC 7617). Everything else of the authentication is that of the API.
 */
export function setUpBasicAuthentication(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', (request, _reply, done) => {
    const credentials = BASIC.exec(request.headers.authorization ?? '')?.[1];
    if (isBoard(request.url) && credentials !== undefined) {
      const [, key = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? [];
      request.headers.authorization = `Bearer ${key}`;
    }
    done();
  });
  instance.addHook('onSend', (request, reply, payload, done) => {
    if (isBoard(request.url) && reply.statusCode === 401) {
      void reply.header('www-authenticate', 'Basic realm="nexos operators", charset="UTF-8"');
    }
    done(null, payload);
  });
}

function isBoard(url: string): boolean {
  return url === BOARD_PATH || url.startsWith(`${BOARD_PATH}/`) || url.startsWith(`${BOARD_PATH}?`);
}

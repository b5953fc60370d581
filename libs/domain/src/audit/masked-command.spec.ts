import { describe, expect, it } from 'vitest';
import { maskedCommand } from './masked-command.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('maskedCommand', () => {
  it.each([
    ['psql postgres://me:hunter2@db/app', 'psql postgres://me:***@db/app'],
    ['psql p://me:hun@ter2@db', 'psql p://me:***@db'],
    ['psql p://me:hun/ter2@db', 'psql p://me:***@db'],
    ['git clone https://ghp_hunter2@github.com/o/r', 'git clone https://***@github.com/o/r'],
    ['git clone https://hunter2:x-oauth-basic@github.com/o/r', 'git clone https://***@github.com/o/r'],
    [
      'npm i https://registry.example:8080/@scope/pkg@1.0',
      'npm i https://registry.example:8080/@scope/pkg@1.0',
    ],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
    ['TOKEN="a hunter2" run', 'TOKEN=*** run'],
    [`TOKEN=abc'hunter2' run`, 'TOKEN=*** run'],
    ['PASSWORD=a;hunter2', 'PASSWORD=***'],
    ['PASS=hunter2 PGPASS=hunter2 AUTH=hunter2 run', 'PASS=*** PGPASS=*** AUTH=*** run'],
    [
      'PRIVATE_KEY=hunter2 AWS_ACCESS_KEY_ID=hunter2 KEY=hunter2 run',
      'PRIVATE_KEY=*** AWS_ACCESS_KEY_ID=*** KEY=*** run',
    ],
    ['tool --api-key=hunter2', 'tool --api-key=***'],
    ['tool --password hunter2 next', 'tool --password *** next'],
    ['curl https://a.example/?token=hunter2&b=1', 'curl https://a.example/?token=***&b=1'],
    ['curl https://a.example/?b=1&sig=hunter2', 'curl https://a.example/?b=1&sig=***'],
    [
      `curl -H 'Authorization: Bearer hunter2' https://a.example`,
      `curl -H 'Authorization: ***' https://a.example`,
    ],
    [`curl -H 'Cookie: a=hunter2; b=hunter2' x`, `curl -H 'Cookie: ***' x`],
    ['curl -u me:hunter2 https://a.example', 'curl -u me:*** https://a.example'],
    ['curl --user=me:hunter2 https://a.example', 'curl --user=me:*** https://a.example'],
    ['echo Bearer hunter2', 'echo Bearer ***'],
    ['echo {"password":"hunter2","b":1}', 'echo {"password":***,"b":1}'],
    ['echo "{\\"password\\":\\"hunter2\\"}"', 'echo "{\\"password\\":***}"'],
    ['echo password: hunter2', 'echo password: ***'],
    [`psql -c "ALTER USER a PASSWORD 'hunter2'"`, `psql -c "ALTER USER a PASSWORD ***"`],
    [`mysql -e "CREATE USER a IDENTIFIED BY 'hunter2'"`, `mysql -e "CREATE USER a IDENTIFIED BY ***"`],
    ['mysql -uroot -phunter2 app', 'mysql -uroot -p*** app'],
    ['redis-cli -a hunter2 ping', 'redis-cli -a *** ping'],
    ['echo nxs_hunter2hunter2 github_pat_hunter2', 'echo nxs_*** github_pat_***'],
    ['echo xoxb-hunter2-1 whsec_hunter2 AKIAHUNTER2', 'echo xoxb-*** whsec_*** AKIA***'],
    [`echo ${JWT} x`, 'echo *** x'],
    ['curl https://hooks.slack.com/services/T/B/hunter2', 'curl https://hooks.slack.com/services/***'],
    ['echo "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----"', 'echo "***"'],
    ['npm run migrate -- --author=me -p 3000', 'npm run migrate -- --author=me -p 3000'],
    ['docker run --name monkey task-list', 'docker run --name monkey task-list'],
  ])('masks %j as %j', (text, expected) => {
    expect(maskedCommand(['sh', '-c', text])).toEqual(['sh', '-c', expected]);
  });

  it.each([
    [
      ['tool', '--password', 'hunter2', 'next'],
      ['tool', '--password', '***', 'next'],
    ],
    [
      ['curl', '-u', 'me:hunter2', '-H', 'Authorization: Basic hunter2'],
      ['curl', '-u', 'me:***', '-H', 'Authorization: ***'],
    ],
    [
      ['mysql', '-phunter2', 'app'],
      ['mysql', '-p***', 'app'],
    ],
    [
      ['redis-cli', '-a', 'hunter2', 'ping'],
      ['redis-cli', '-a', '***', 'ping'],
    ],
    [
      ['npm', 'run', 'migrate'],
      ['npm', 'run', 'migrate'],
    ],
  ])('masks the arguments %j as %j', (command, expected) => {
    expect(maskedCommand(command)).toEqual(expected);
  });

  it.each([
    ...[
      'x',
      'token',
      'a.',
      'a://b:',
      '-',
      'x-',
      '--pass ',
      'password="',
      "token='",
      'identified by ',
      'mysql -p',
    ],
    ...[
      '?token',
      'eyJaaaaaa.',
      'sk-',
      '-----BEGIN PRIVATE KEY-----',
      '\\"',
      'key',
      'cookie:',
      'a@',
      '&a-',
      'curl -u a:',
    ],
  ])('takes linear time for 64 KiB of %j', (unit) => {
    const started = performance.now();
    maskedCommand([unit.repeat(65_536 / unit.length), 'next']);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

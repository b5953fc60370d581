// @ts-check
import { compile } from './compile.mjs';
import { registerTypescript } from './register-typescript.mjs';
import { exitWith } from './setup-error.mjs';
import { setup } from './setup.mjs';

const USAGE = `Measures Nexos against the bare thing, side by side on this machine.

  npm run bench -- api      reads of a deployment and push webhooks, against bare Fastify routes on the same Postgres
  npm run bench -- push     from an accepted push webhook to the claim of its build, 200 times
  npm run bench -- doubts   pushes to repositories with branches in doubt that answer 404, against others
  npm run bench -- deploy   from a push, and from a resume, to the first answer, against docker build, docker service
                            create and docker service scale on the same engine

  --help                    this text

The last line is JSON. What counts is the ratio: the figures themselves are this machine's.
`;

async function main() {
  const [name] = process.argv.slice(2);
  const benches = {
    api: async () => (await import('../../test/bench/api-bench.js')).benchApi,
    deploy: async () => (await import('../../test/bench/deploy-bench.js')).benchDeploy,
    doubts: async () => (await import('../../test/bench/doubts-bench.js')).benchDoubts,
    push: async () => (await import('../../test/bench/push-bench.js')).benchPush,
  };
  const choose = new Map(Object.entries(benches)).get(name ?? '');
  if (choose === undefined) {
    process.stdout.write(USAGE);
    process.exit(name === '--help' ? 0 : 2);
  }
  const { home, env, images } = await setup();
  await compile();
  await registerTypescript();
  const { createTemplate } = await import('../../test/support/database-template.js');
  const { template, remove } = await createTemplate(home, env);
  try {
    const system = { home, env, images: { ...images }, template };
    await (
      await choose()
    )(system);
  } finally {
    await remove();
  }
}

main().then(() => process.exit(0), exitWith);

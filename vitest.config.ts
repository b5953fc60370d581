import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const libs = readdirSync(new URL('libs', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/**
 * Test files wait more than they compute, and share nothing but the machine. Projects that run together need the same
 * value.
 */
const WORKERS = 3;

/** Files that need the engine, its disk or its image and cache sweeps to themselves, and files that measure time. */
const ALONE = existing(
  'test/full/setup/compile.spec.ts',
  'test/full/setup/setup.spec.ts',
  'test/full/api/rate-limits.spec.ts',
  'test/full/api/replicas.spec.ts',
  'test/full/api/waiting.spec.ts',
  'test/full/build-slot.spec.ts',
  'test/full/disk.spec.ts',
  'test/full/logs/redis-away.spec.ts',
  'test/full/production-image.spec.ts',
  'test/full/queue/redis-away.spec.ts',
);
/** Features end to end whose parts everyday tests cover. They would take a quarter of an hour of CI. */
const SLOW = existing(
  'test/full/api/rate-limit-window.spec.ts',
  'test/full/backup.spec.ts',
  'test/full/branches.spec.ts',
  'test/full/build-setups.spec.ts',
  'test/full/e2e/actions.spec.ts',
  'test/full/e2e/executions.spec.ts',
  'test/full/e2e/hooks.spec.ts',
  'test/full/e2e/isolated-builds.spec.ts',
  'test/full/e2e/rollback.spec.ts',
  'test/full/e2e/sleeping.spec.ts',
  'test/full/e2e/starting.spec.ts',
  'test/full/e2e/stop-grace.spec.ts',
  'test/full/env-vars.spec.ts',
  'test/full/executions.spec.ts',
  'test/full/services/postgres-recipe.spec.ts',
  'test/full/setup/isolated-setup.spec.ts',
  'test/full/sleeping.spec.ts',
);
/** Files that take minutes, most of them to fetch packages and to build. */
const SCALE_ALONE = existing(
  'test/full/bare-container.spec.ts',
  'test/full/engine-fault-suite.spec.ts',
  'test/full/fixtures/django.spec.ts',
  'test/full/fixtures/nest-typeorm.spec.ts',
  'test/full/fixtures/nextjs.spec.ts',
  'test/full/fixtures/vite-api.spec.ts',
  'test/full/guides/dockerfiles.spec.ts',
);
/** Files with a long form, see `test/support/scale.ts`, and the other fixtures. */
const SCALE = existing(
  'libs/logs/src/build/redactor.spec.ts',
  'libs/settings/src/file/hostile-config.spec.ts',
  'test/full/api/anything.spec.ts',
  'test/full/api/pushes-together.spec.ts',
  'test/full/delivery-faults.spec.ts',
  'test/full/fault-suite.spec.ts',
  'test/full/fault-points/branches.spec.ts',
  'test/full/fault-points/databases.spec.ts',
  'test/full/fault-points/rollouts.spec.ts',
  'test/full/fixtures/bullmq.spec.ts',
  'test/full/fixtures/voting.spec.ts',
  'test/full/installation-faults.spec.ts',
  'test/full/scale/many-projects.spec.ts',
  'test/full/zero-downtime.spec.ts',
  'test/integration/github-reports/faults.spec.ts',
  'test/integration/ingress/ingress-timeouts.spec.ts',
);
const full = {
  globalSetup: ['test/support/global-setup.ts'],
  testTimeout: 1_800_000,
  hookTimeout: 600_000,
};

/** Returns the files; throws if one is missing, since a moved file would silently not run. */
function existing(...files: string[]): string[] {
  for (const file of files) if (!existsSync(root + file)) throw new Error(`${file} does not exist`);
  return files;
}

/** One configuration, one project per kind of test; `--project unit` and so on selects one. */
export default defineConfig({
  root,
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    }),
  ],
  resolve: {
    alias: Object.fromEntries(libs.map((lib) => [`@nexos/${lib}`, `${root}libs/${lib}/src/index.ts`])),
  },
  test: {
    // Modules are loaded once per worker: loading them for each file would take longer than most files run.
    isolate: false,
    provide: { scale: 'short' },
    reporters: ['default', './test/support/run-report.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', '.config/*.spec.ts'],
          // Other tests keep the machine busy meanwhile.
          testTimeout: 30_000,
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: {
          // A separate project, since it loads the whole API, parts of which some unit tests mock.
          name: 'docs',
          include: ['docs/**/*.spec.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          globalSetup: ['test/support/global-setup.ts'],
          include: ['test/integration/**/*.spec.ts'],
          exclude: ['test/integration/api/**'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: {
          name: 'api',
          globalSetup: ['test/support/global-setup.ts', 'test/support/nexos/start-shared-apis.ts'],
          include: ['test/integration/api/**/*.spec.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          globalSetup: ['test/support/global-setup.ts', 'test/support/nexos/start-shared-stacks.ts'],
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: {
          ...full,
          name: 'full',
          include: ['test/full/**/*.spec.ts'],
          exclude: [...ALONE, ...SLOW, ...SCALE_ALONE],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...full,
          name: 'full-alone',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...full,
          name: 'slow',
          include: SLOW,
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          ...full,
          name: 'scale',
          include: [...SCALE, ...SCALE_ALONE],
          provide: { scale: 'long' },
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});

import { randomUUID } from 'node:crypto';
import { eventually } from '../eventually.js';
import { TestProject } from '../nexos/test-project.js';
import type { Fault } from './faults.js';
import { query } from './outcomes.js';
import type { SmallSystem } from './small-system.js';

/** A build and its retry may both meet the engine while it is away. */
const ENGINE_AWAY = ['engine_unavailable'];
const FULL = 'disk_full';

/** Faults of an engine that belongs to the test. */
export const ENGINE_FAULTS: readonly Fault<SmallSystem>[] = [
  { name: 'dockerd killed', mayFail: ENGINE_AWAY, strike: ({ engine }) => engine.restart() },
  {
    name: 'machine of the engine without power',
    mayFail: ENGINE_AWAY,
    strike: ({ engine }) => engine.cutPower(),
  },
  {
    name: 'disk filled by a build',
    mayFail: [FULL],
    strike: async ({ nexos }) => {
      const project = await TestProject.create(nexos);
      const step = `RUN : ${randomUUID()}; cat /dev/zero > /file`;
      const sha = await project.push({ Dockerfile: `FROM nexos-local/debian:bookworm\n${step}\n` });
      await eventually('the build to fill the disk', async () => {
        const [build] = await query<{ code: string | null }>(
          nexos,
          `SELECT failure_code AS code FROM deployments WHERE commit_sha = $1 AND status = 'failed'`,
          [sha],
        );
        if (build === undefined) return undefined;
        if (build.code !== FULL) throw new Error(`the build failed with ${build.code ?? 'no code'}`);
        return true;
      });
      await nexos.api.request('DELETE', `/projects/${project.id}`);
      await eventually('the project to be gone', async () => {
        const left = await query(nexos, `SELECT 1 FROM projects WHERE id = $1 AND status <> 'deleted'`, [
          project.id,
        ]);
        return left.length === 0 ? true : undefined;
      });
    },
  },
];

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { createProject, problemOf, refusedFields } from './api-fixture.js';

interface Variable {
  key: string;
  branch: string | null;
  secret: boolean;
}

let nexos: SharedApi;
let project: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

const path = () => `/projects/${project}/env-vars`;
const put = (body: unknown) => nexos.api.request('PUT', path(), body);
const list = () => nexos.api.get<Variable[]>(path());

describe('a variable', () => {
  it('is secret unless it is set otherwise, which stays so until it is set again', async () => {
    const secretAfter = async (change: object) =>
      ((await (await put({ key: 'MODE', value: 'verbose-mode', ...change })).json()) as Variable).secret;
    expect(await secretAfter({})).toBe(true);
    expect(await secretAfter({ secret: false })).toBe(false);
    expect(await secretAfter({ value: 'another' })).toBe(false);
    expect(await secretAfter({ branch: 'main' })).toBe(true);
    expect(await secretAfter({ secret: true })).toBe(true);
    const variables = [
      { key: 'MODE', value: 'x', secret: false },
      { key: 'OTHER', value: 'y' },
    ];
    expect((await put({ variables })).status).toBe(200);
    expect((await list()).map(({ key, branch, secret }) => [key, branch, secret]).sort()).toEqual(
      [
        ['MODE', 'main', true],
        ['MODE', null, false],
        ['OTHER', null, true],
      ].sort(),
    );
    for (const secret of ['false', 0, []]) {
      expect(await refusedFields(await put({ key: 'MODE', value: 'x', secret }))).toEqual(['secret']);
    }
  });

  it('may refer to variables that are not known here, but not to itself or to unknown ones of Nexos', async () => {
    const variables = [
      { key: 'URL', value: '${{ DATABASE_URL }}?x=${{ FROM_FILE }}' },
      { key: 'A', value: '${{ B }} ${{ NEXOS_BRANCH }}' },
      { key: 'B', value: 'b', branch: 'main' },
    ];
    expect((await put({ variables })).status).toBe(200);
    for (const [body, field, text] of [
      [{ key: 'B', value: '${{ A }}' }, 'value', 'A refers to itself through B'],
      [{ key: 'B', value: '${{ A }}', branch: 'm*' }, 'value', 'A refers to itself through B'],
      [{ key: 'C', value: '${{ C }}' }, 'value', 'C refers to itself'],
      [
        {
          variables: [
            { key: 'C', value: 'c' },
            { key: 'D', value: '${{ NEXOS_PORT }}' },
          ],
        },
        'variables.1.value',
        'D refers to NEXOS_PORT, which does not exist',
      ],
    ] as const) {
      const refused = await problemOf(await put(body));
      expect(refused).toMatchObject({ status: 400, errors: [{ field }] });
      expect(JSON.stringify(refused)).toContain(text);
    }
    expect(await list()).toHaveLength(3);
    expect((await put({ key: 'A', value: 'plain' })).status).toBe(200);
    expect((await put({ key: 'B', value: '${{ A }}' })).status).toBe(200);
  });
});

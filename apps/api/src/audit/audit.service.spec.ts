import type { AccountsRepository, AuditReader } from '@nexos/state';
import { describe, expect, it, vi } from 'vitest';
import type { Principal } from '../auth/principal.js';
import { AuditService, LostAccessError } from './audit.service.js';
import type { AuditQuery } from './dto/audit-query.dto.js';

const caller: Principal = { accountId: 'user_1', scopes: ['admin'], via: 'api-key', credentialId: 'key_1' };
const query: AuditQuery = { limit: 50 };
const line = (seq: number) => ({
  seq: String(seq),
  at: new Date(0),
  action: 'project.update',
  actor: 'system',
});

function serviceWith(steps: { lines: object[]; next: string | null }[], operator: boolean[]) {
  const step = vi.fn(() => Promise.resolve(steps.shift() ?? { lines: [], next: null }));
  const reader = { step, settledUntil: () => Promise.resolve(new Date('2026-04-10T12:00:00Z')) };
  const accounts = { isOperator: () => Promise.resolve(operator.shift() ?? false) };
  const service = new AuditService(
    accounts as unknown as AccountsRepository,
    reader as unknown as AuditReader,
  );
  return { service, step };
}

async function exported(service: AuditService, wanted: AuditQuery = query): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of service.export(caller, wanted)) pieces.push(piece);
  return pieces;
}

describe('an export of the audit log', () => {
  it('goes on after steps in which nothing matches', async () => {
    const { service, step } = serviceWith(
      [
        { lines: [], next: '9' },
        { lines: [line(5)], next: '5' },
        { lines: [line(4)], next: null },
      ],
      [],
    );
    expect(await exported(service)).toHaveLength(2);
    expect(step).toHaveBeenLastCalledWith(expect.anything(), { limit: 100, cursor: '5' });
  });

  it.each([
    [undefined, '2026-04-10T12:00:00Z'],
    ['2026-04-10T13:00:00Z', '2026-04-10T12:00:00Z'],
    ['2026-04-10T11:00:00Z', '2026-04-10T11:00:00Z'],
  ])('until %s ends where the log is complete: %s', async (until, end) => {
    const { service, step } = serviceWith([], []);
    await exported(service, { limit: 50, ...(until !== undefined && { until }) });
    expect(step).toHaveBeenCalledWith(expect.objectContaining({ until: new Date(end) }), expect.anything());
  });

  it('ends when its account is no operator any more', async () => {
    const steps = [
      { lines: [line(5)], next: '5' },
      { lines: [line(4)], next: null },
    ];
    const { service } = serviceWith(steps, [true, false]);
    await expect(exported(service)).rejects.toThrow(LostAccessError);
  });
});

describe('a page of the audit log', () => {
  it('goes on until it is full, or the log ends', async () => {
    const { service } = serviceWith(
      [
        { lines: [line(5)], next: '3' },
        { lines: [line(2)], next: null },
      ],
      [],
    );
    const { lines, next } = await service.list(caller, query);
    expect(lines.map(({ id }) => id)).toEqual(['5', '2']);
    expect(next).toBeNull();
  });

  it('has few lines, and says where to go on, when looking for more takes long', async () => {
    const { service } = serviceWith([{ lines: [line(5)], next: '3' }], []);
    const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(10_000);
    const { lines, next } = await service.list(caller, query);
    clock.mockRestore();
    expect(lines.map(({ id }) => id)).toEqual(['5']);
    expect(next).toBe('3');
  });
});

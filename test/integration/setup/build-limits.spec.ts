import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { applyBuildLimits, readBuildLimits } from '../../../docker/local/build-limits.js';
import { daemonFlags } from '../../../docker/local/install-engine.js';

const LIMITS = { pids: 500, memoryMb: 2, cpus: 1.5 };

describe('applyBuildLimits', () => {
  let root = mkdtempSync(join(tmpdir(), 'nexos-cgroup-'));
  const read = (path: string) => readFileSync(join(root, path), 'utf8');

  beforeEach(() => {
    rmSync(root, { recursive: true });
    root = mkdtempSync(join(tmpdir(), 'nexos-cgroup-'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('enables the controllers on cgroup v2 and sets every limit', () => {
    writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory pids');
    expect(applyBuildLimits(LIMITS, 'docker', root)).toBeNull();
    expect(read('cgroup.subtree_control')).toBe('+cpu +memory +pids');
    expect(read('docker/cgroup.subtree_control')).toBe('+cpu +memory +pids');
    expect(read('docker/buildkit/pids.max')).toBe('500');
    expect(read('docker/buildkit/memory.max')).toBe('2097152');
    expect(read('docker/buildkit/cpu.max')).toBe('150000 100000');
  });

  it('sets every limit on cgroup v1', () => {
    for (const controller of ['pids', 'memory', 'cpu']) mkdirSync(join(root, controller));
    expect(applyBuildLimits(LIMITS, 'docker', root)).toBeNull();
    expect(read('pids/docker/buildkit/pids.max')).toBe('500');
    expect(read('memory/docker/buildkit/memory.limit_in_bytes')).toBe('2097152');
    expect(read('cpu/docker/buildkit/cpu.cfs_quota_us')).toBe('150000');
  });

  it('says why it could not', () => {
    mkdirSync(join(root, 'pids'));
    expect(applyBuildLimits(LIMITS, 'docker', root)).toBe('the cgroup controller memory is missing');
    writeFileSync(join(root, 'cgroup.controllers'), '');
    writeFileSync(join(root, 'docker'), 'in the way');
    expect(applyBuildLimits(LIMITS, 'docker', root)).toMatch(/^E[A-Z]+$/);
  });
});

describe('readBuildLimits', () => {
  it('leaves the rest of the machine a share', () => {
    const { pids, memoryMb, cpus } = readBuildLimits({ BUILD_PIDS: '' });
    expect(pids).toBe(2048);
    expect(memoryMb).toBeGreaterThan(100);
    expect(cpus).toBeGreaterThan(0.5);
  });

  it('takes values of the environment', () => {
    const environment = { BUILD_PIDS: '500', BUILD_MEMORY_MB: ' 2048 ', BUILD_CPUS: '1.5' };
    expect(readBuildLimits(environment)).toEqual({ pids: 500, memoryMb: 2048, cpus: 1.5 });
  });

  it.each([
    { BUILD_PIDS: '0' },
    { BUILD_PIDS: '20.5' },
    { BUILD_PIDS: 'max' },
    { BUILD_MEMORY_MB: '1' },
    { BUILD_MEMORY_MB: '1e99' },
    { BUILD_CPUS: '-1' },
  ])('rejects %o', (environment) => {
    expect(() => readBuildLimits(environment)).toThrow(`${Object.keys(environment)[0]} must be`);
  });
});

describe('daemonFlags', () => {
  it('leaves out what the configuration file of dockerd sets', () => {
    const wanted = { isolates: true, limitsBuilds: true };
    expect(daemonFlags({}, wanted)).toEqual([
      '--no-new-privileges',
      '--icc=false',
      '--label=dev.nexos.build-limits=docker/buildkit',
    ]);
    expect(daemonFlags({ 'no-new-privileges': true, icc: true, labels: [] }, wanted)).toEqual([]);
    expect(daemonFlags({ 'cgroup-parent': '/own' }, wanted)).toContain(
      '--label=dev.nexos.build-limits=own/buildkit',
    );
    expect(daemonFlags({}, { isolates: false, limitsBuilds: false })).toEqual(['--no-new-privileges']);
  });
});

import type Docker from 'dockerode';

/** Label of everything that these tests create; OWNER is the label with the pid of the creating process. */
const LABEL = 'dev.nexos.test';
const OWNER = 'dev.nexos.test.pid';
export const LABELS: Readonly<Record<string, string>> = { [LABEL]: 'ingress', [OWNER]: String(process.pid) };

const DEADLINE_MS = 30_000;

/** Removes what earlier runs that were killed left behind. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  await removeAll(docker, (labels) => !isAlive(Number(labels[OWNER])));
}

/** Removes what this process created. */
export async function removeOwn(docker: Docker): Promise<void> {
  await removeAll(docker, (labels) => labels[OWNER] === String(process.pid));
}

async function removeAll(docker: Docker, select: (labels: Record<string, string>) => boolean): Promise<void> {
  const filters = { label: [`${LABEL}=ingress`] };
  const services = await docker.listServices({ filters });
  for (const { ID, Spec } of services) if (select(Spec?.Labels ?? {})) await docker.getService(ID).remove();
  const containers = await docker.listContainers({ all: true, filters: { label: [`${LABEL}=ingress`] } });
  for (const { Id, Labels } of containers) {
    // A task's container carries the same labels; Swarm removes it itself.
    if (Labels['com.docker.swarm.task.id'] !== undefined || !select(Labels)) continue;
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  const networks = await docker.listNetworks({ filters });
  for (const { Id, Labels } of networks) {
    if (!select(Labels ?? {})) continue;
    await eventually('the network can be removed', async () => {
      try {
        await docker.getNetwork(Id).remove();
        return true;
      } catch (error) {
        const { statusCode: status, message } = error as Error & { statusCode?: number };
        if (status === 404 || message.includes('not found')) return true;
        // The tasks of its services take a moment to disconnect.
        if (status === 403 || status === 409 || status === 400) return undefined;
        throw error;
      }
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Retries until `attempt` returns a value; fails after the deadline. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  for (const began = Date.now(); ;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() - began > deadlineMs) throw new Error(`timed out after ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

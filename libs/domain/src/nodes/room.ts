/** What a container reserves, and where it may run. */
export interface Reservation {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** The only node that may run it; null when every one may. */
  readonly nodeId: string | null;
}

/** A node that takes containers, with what it has not promised yet. */
export interface NodeRoom {
  readonly nodeId: string;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
}

type Rooms = { -readonly [Key in keyof NodeRoom]: NodeRoom[Key] }[];

/**
 * Returns whether the nodes have room for all of some containers, beside others that come first. Each goes where most
 * memory is free, bound ones first and then larger ones; Swarm spreads containers in a similar way.
 */
export function haveRoomFor(
  wanted: readonly Reservation[],
  nodes: readonly NodeRoom[],
  others: readonly Reservation[],
): boolean {
  const rooms = nodes.map((node) => ({ ...node }));
  // One of the others that fits nowhere takes nothing.
  for (const other of inOrder(others)) take(other, rooms);
  return inOrder(wanted).every((one) => take(one, rooms));
}

function inOrder(reservations: readonly Reservation[]): Reservation[] {
  const isBound = ({ nodeId }: Reservation) => Number(nodeId !== null);
  return [...reservations].sort((a, b) => isBound(b) - isBound(a) || b.memoryBytes - a.memoryBytes);
}

/** Takes the room of a container; returns false when no node has it. */
function take(reservation: Reservation, rooms: Rooms): boolean {
  const [most] = rooms
    .filter((room) => fits(reservation, room))
    .sort((a, b) => b.memoryBytes - a.memoryBytes);
  if (most === undefined) return false;
  most.nanoCpus -= reservation.nanoCpus;
  most.memoryBytes -= reservation.memoryBytes;
  return true;
}

function fits({ nanoCpus, memoryBytes, nodeId }: Reservation, room: NodeRoom): boolean {
  return (
    (nodeId === null || nodeId === room.nodeId) &&
    nanoCpus <= room.nanoCpus &&
    memoryBytes <= room.memoryBytes
  );
}

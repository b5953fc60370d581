import { describe, expect, it } from 'vitest';
import { haveRoomFor, type NodeRoom, type Reservation } from './room.js';

const needs = (memoryBytes: number, nodeId: string | null = null, nanoCpus = 1): Reservation => ({
  nanoCpus,
  memoryBytes,
  nodeId,
});
const node = (nodeId: string, memoryBytes: number, nanoCpus = 10): NodeRoom => ({
  nodeId,
  nanoCpus,
  memoryBytes,
});

describe('haveRoomFor', () => {
  it.each<[string, boolean, Reservation, NodeRoom[], Reservation[]]>([
    ['nothing else is there', true, needs(4), [node('a', 4)], []],
    ['it has too little memory', false, needs(5), [node('a', 4)], []],
    ['it has too little CPU', false, needs(1, null, 11), [node('a', 4)], []],
    ['no node takes containers', false, needs(1), [], []],
    ['only another node has room', false, needs(4, 'a'), [node('a', 1), node('b', 9)], []],
    ['others leave enough', true, needs(2), [node('a', 4)], [needs(2)]],
    ['others leave too little', false, needs(3), [node('a', 4)], [needs(2)]],
    ['others go to the emptier node', true, needs(4), [node('a', 4), node('b', 6)], [needs(3)]],
    [
      'others are bound to the only node that it may use',
      false,
      needs(3, 'a'),
      [node('a', 4), node('b', 9)],
      [needs(2, 'a')],
    ],
    [
      'a bound one comes before a free one',
      true,
      needs(2),
      [node('a', 4), node('b', 6)],
      [needs(4), needs(6, 'b')].slice(1),
    ],
    ['another fits nowhere', true, needs(4), [node('a', 4)], [needs(9)]],
  ])('when %s: %j', (_when, expected, wanted, nodes, others) => {
    expect(haveRoomFor([wanted], nodes, others)).toBe(expected);
  });

  it.each<[string, boolean, Reservation[], NodeRoom[]]>([
    ['all of them fit on one node', true, [needs(1), needs(3)], [node('a', 4)]],
    ['each fits alone, but not all', false, [needs(2), needs(3)], [node('a', 4)]],
    [
      'several nodes have the room together',
      true,
      [needs(1), needs(3), needs(4)],
      [node('a', 4), node('b', 4)],
    ],
    [
      'they are bound to the node without room',
      false,
      [needs(3, 'a'), needs(2, 'a')],
      [node('a', 4), node('b', 9)],
    ],
    [
      'a larger one needs the node that a smaller one could take',
      true,
      [needs(1), needs(4)],
      [node('a', 4), node('b', 1)],
    ],
  ])('of several containers when %s: %j', (_when, expected, wanted, nodes) => {
    expect(haveRoomFor(wanted, nodes, [])).toBe(expected);
  });
});

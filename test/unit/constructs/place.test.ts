import { readFileSync } from 'node:fs';
import { App } from 'cdk8s';
import { Fleet, VirtualMachine, VirtualMachineInstance } from '../../../src';
import type { CodePlace } from '../../../src/source';

/** The text of the line that a place stands for. */
function lineOf(place: CodePlace): string {
  const frame = place.frame();
  if (frame === undefined) return 'no line';
  return readFileSync(frame.file, 'utf8').split('\n')[frame.line - 1]?.trim() ?? '';
}

const SPEC = { domain: { devices: {} } };
const fleet = (): Fleet => new Fleet(new App(), 'f', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });

class Tuned extends VirtualMachine {}

class Labelled extends VirtualMachineInstance {
  constructor(scope: Fleet, id: string) {
    super(scope, id, { spec: SPEC, metadata: { labels: { a: 'b' } } });
  }
}

it('is the line that made a VM', () => {
  expect(lineOf(new VirtualMachine(fleet(), 'vm', { spec: SPEC })._place)).toContain(
    "new VirtualMachine(fleet(), 'vm'",
  );
  expect(lineOf(new VirtualMachineInstance(fleet(), 'i', { spec: SPEC })._place)).toContain("fleet(), 'i'");
});

it('is the line that made an object of somebody’s own class, not a line of that class', () => {
  expect(lineOf(new Tuned(fleet(), 'tuned', { spec: SPEC })._place)).toContain("new Tuned(fleet(), 'tuned'");
  expect(lineOf(new Labelled(fleet(), 'labelled')._place)).toContain("new Labelled(fleet(), 'labelled')");
});

it('leaves the limit of other people’s stacks alone', () => {
  const limit = Error.stackTraceLimit;
  new VirtualMachine(fleet(), 'vm', { spec: SPEC });
  expect(Error.stackTraceLimit).toBe(limit);
});

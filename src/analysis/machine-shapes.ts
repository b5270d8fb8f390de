/*
 * VMs that are alike. A fleet repeats a few kinds of VM thousands of times, so what is judged by the requests of a VM, by its
 * placement, or by whether its spec says a thing at all, is judged once for all that are alike. Finding the shape of a VM takes one
 * look at the upper part of its spec.
 */
import { instanceAnnotations, isJsonObject, type DeviceRequest, type JsonObject } from '../model';
import type { AnalysedMachine, AnalysedRequest, MachineShape } from './analysis';
import { Trie } from './trie';

/** What the shape of a VM depends on. */
export type ShapedBy = Pick<AnalysedMachine, 'machine' | 'spec' | 'inherited' | 'requests' | 'fits'>;

/** How deep a spec is looked at: `domain.cpu.numa` is the third level. */
const LEVELS = 3;

/** The end of an object's keys. */
const END = Symbol('end');

/** A shape or a variant that gets its VMs one by one. */
export interface Growing {
  readonly machines: AnalysedMachine[];
}

type Step = Trie<Growing>;

/** Gathers VMs by their shape. */
export class MachineShapes {
  /** In the order in which the first VM of each came. */
  readonly shapes: MachineShape[] = [];
  private readonly root: Step = new Trie();

  /** The shape of a VM, to which it is to be added. */
  of({ machine, spec, inherited, requests, fits }: ShapedBy): Growing {
    // what most VMs have in common comes first, so that those that differ share all but their ends
    let step = statedKeys(this.root.with(machine.kind), spec, LEVELS);
    step = statedKeys(step, machine.machine, 1);
    step = statedKeys(step, inherited?.annotations ?? instanceAnnotations(machine), 1);
    for (const request of requests) step = asked(step, request);
    step = step.with(END).with(fits);
    if (step.value === undefined) this.shapes.push((step.value = { machines: [] }));
    return step.value;
  }
}

function statedKeys(from: Step, object: JsonObject, levels: number): Step {
  let step = from;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    step = step.with(key);
    if (levels > 1 && isJsonObject(value)) step = statedKeys(step, value, levels - 1);
  }
  return step.with(END);
}

function asked(from: Step, { list, request, resource, deviceName }: AnalysedRequest): Step {
  const step = from
    .with(list)
    .with(request.name)
    .with(request.inSpec)
    .with(resource)
    .with(deviceName ?? request.device);
  return isPlain(request) ? step : step.with(detailsOf(request));
}

function isPlain({ options, address, claim }: DeviceRequest): boolean {
  if (address !== undefined || claim !== undefined) return false;
  for (const _ in options) return false;
  return true;
}

function detailsOf({ options, address, claim }: DeviceRequest): string {
  const { place: _, ...wanted } = claim ?? { place: undefined };
  return JSON.stringify([options, address?.text, claim === undefined ? undefined : wanted]);
}

/*
 * What Argo CD and Flux cannot apply: it goes to a folder that says so, with a note how it is applied.
 */
import { unitInWords, type PreparationUnit } from '../../analysis';
import { commentText } from '../comment';
import type { PlainFile } from '../manifest';
import { outputPath } from '../output-path';

/** A file that people or other tools apply. */
export interface Artefact {
  /** `install.sh` */
  readonly name: string;
  readonly text: string;
}

/** How it is applied: one step a line, in order. */
export interface Instructions {
  /** What it is: `Talos machine configuration`. */
  readonly title: string;
  readonly steps: readonly string[];
  /** How to see on a node that it worked. */
  readonly checks: readonly string[];
}

/** The files of a unit below `apply-by-hand`, with the note; none where there is nothing to apply. */
export function applyByHand(
  unit: PreparationUnit,
  artefacts: readonly Artefact[],
  instructions: Instructions,
): PlainFile[] {
  if (artefacts.length === 0) return [];
  const modelPath = unit.pools.map(({ name }) => `nodePools.${name}`).join(', ');
  const taken = new Set<string>();
  return [...artefacts, { name: 'README.txt', text: note(unit, artefacts, instructions) }].map(({ name, text }) => {
    let path = outputPath('node-prep', unit.name, 'apply-by-hand', name);
    // names of nodes are told apart by more than a path may hold only where the fleet has errors
    for (let number = 2; taken.has(path.toLowerCase()); number++) {
      path = outputPath('node-prep', unit.name, 'apply-by-hand', name.replace(/\.yaml$/, `.${number}.yaml`));
    }
    taken.add(path.toLowerCase());
    return { path, text, modelPath };
  });
}

/** A step that begins with a blank goes on with the one before it. */
function numbered(steps: readonly string[]): string[] {
  let number = 0;
  return steps.map((step) => (step.startsWith(' ') ? step : `${++number}. ${step}`));
}

function note(unit: PreparationUnit, artefacts: readonly Artefact[], { title, steps, checks }: Instructions): string {
  const { kernelArguments, kubelet, preconditions, postconditions } = unit.effects;
  const section = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', heading, '', ...lines.map((line) => `  ${line}`)];
  const text = [
    `${title}: ${unitInWords(unit)}`,
    '',
    'Neither Argo CD nor Flux applies what is in this folder: it changes nodes below Kubernetes.',
    ...section(
      'Files',
      artefacts.map(({ name }) => name),
    ),
    ...section(
      'What has to be true before',
      preconditions.map(({ text: condition }) => condition),
    ),
    ...section('How it is applied', numbered(steps)),
    ...section('What is true afterwards', [...postconditions.map(({ text: condition }) => condition), ...checks]),
    ...section(
      'Kernel arguments, and why',
      kernelArguments.map(({ argument, reason }) => `${argument}: ${reason}`),
    ),
    ...section(
      'Settings of the kubelet, and why',
      kubelet.map(({ field, reason }) => `${field}: ${reason}`),
    ),
  ];
  return `${commentText(...text)}\n`;
}

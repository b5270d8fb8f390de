import type { Chain, Explanation, FunctionFate, NodeFate, Step, StepState } from '../diagnostics';
import { counted } from './closing-lines';
import { PLAIN, type Paint } from './paint';
import { shownSpan, type Sources } from './picture';
import { plainLine } from './visible-text';

/** How an explanation is drawn. */
export interface ExplanationOptions {
  /** @default - no colours */
  readonly paint?: Paint;
}

const SUBJECTS: Readonly<Record<Explanation['kind'], string>> = { vm: 'VM', node: 'node', device: 'device' };
const WORDS: Readonly<Record<StepState, string>> = { holds: 'ok', broken: 'BROKEN', unknown: 'unknown' };
const MARGIN = '          ';

/**
 * The whole chain of one thing as text: a line for each step with its state, below it where it is declared, what carries it to the
 * cluster, and what was found there. The first broken step of a chain is marked. Nothing in it can steer a terminal.
 */
export function renderExplanation(
  explanation: Explanation,
  sources: Sources,
  { paint = PLAIN }: ExplanationOptions = {},
): string {
  const { kind, name, fleet, at, chains, node, errorCount } = explanation;
  const broken = chains.filter(({ firstBroken }) => firstBroken !== undefined).length;
  const verdict = broken === 0 ? 'nothing is broken' : `broken in ${counted(broken, 'chain')}`;
  const parts = [
    `${paint.message(plainLine(`${SUBJECTS[kind]} ${name} of fleet ${fleet}: ${verdict}`))}\n${paint.frame('-->')} ${shownSpan(at, sources(at.file))}`,
    ...chains.map((chain) => chainLines(chain, sources, paint).join('\n')),
    ...(node === undefined ? [] : nodeParts(node, paint)),
    ...(errorCount === 0
      ? []
      : [
          `the fleet has ${counted(errorCount, 'error')}: nothing is written until ${errorCount === 1 ? 'it is' : 'they are'} gone`,
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function chainLines({ title, steps, firstBroken }: Chain, sources: Sources, paint: Paint): string[] {
  return [
    paint.note(plainLine(title)),
    ...steps.flatMap((step, i) => stepLines(step, i === firstBroken, sources, paint)),
  ];
}

function stepLines(step: Step, isFirstBroken: boolean, sources: Sources, paint: Paint): string[] {
  const { state, text, details, at, artefact, findings } = step;
  const word = WORDS[state].padEnd(MARGIN.length - 2);
  const dressed = state === 'broken' ? paint.error(word) : state === 'unknown' ? paint.warning(word) : word;
  const below = (line: string): string => `${MARGIN}${line}`;
  return [
    `  ${dressed}${plainLine(text)}`,
    ...(isFirstBroken ? [below(paint.error('^ the first broken step'))] : []),
    ...(at === undefined ? [] : [below(`${paint.frame('-->')} ${shownSpan(at, sources(at.file))}`)]),
    ...(artefact === undefined ? [] : [below(plainLine(`in ${artefact.file} (${artefact.kind} ${artefact.name})`))]),
    ...details.map((detail) => below(plainLine(detail))),
    ...findings.map(({ severity, code, message, primary }) => {
      const head = paint[severity](plainLine(`${severity}[${code}]`));
      return below(`${head}: ${plainLine(message)} (${shownSpan(primary.at, sources(primary.at.file))})`);
    }),
  ];
}

function nodeParts({ hasInventory, functions, groups }: NodeFate, paint: Paint): string[] {
  if (!hasInventory) return [];
  const handedOver = new Set(groups.flatMap((group) => group.functions));
  const isShown = ({ address, bindings, hostUse, driver }: FunctionFate): boolean =>
    bindings.length > 0 || handedOver.has(address) || (hostUse ?? []).length > 0 || driver.seen !== driver.after;
  const shown = functions.filter(isShown);
  const rest = functions.length - shown.length;
  const restLine =
    rest === 0 ? [] : [`  ${counted(rest, 'other function')} as the inventory shows ${rest === 1 ? 'it' : 'them'}`];
  const groupLines = groups.map(({ group, viable, because }) => {
    const word = viable === undefined ? 'unknown' : viable ? 'viable' : 'NOT VIABLE';
    const dressed = viable === false ? paint.error(word) : word;
    return `  group ${group}  ${dressed}: ${plainLine(because)}`;
  });
  return [
    [paint.note('functions'), ...shown.map(functionLine), ...restLine].join('\n'),
    ...(groupLines.length === 0 ? [] : [[paint.note('IOMMU groups'), ...groupLines].join('\n')]),
  ];
}

function functionLine({ address, id, driver, iommuGroup, bindings, hostUse, name }: FunctionFate): string {
  const known = (value: string | null | undefined): string => (value === undefined ? 'unknown' : (value ?? 'none'));
  const change = driver.seen === driver.after ? known(driver.after) : `${known(driver.seen)} -> ${known(driver.after)}`;
  const group = iommuGroup === undefined ? 'group unknown' : iommuGroup === null ? 'no group' : `group ${iommuGroup}`;
  const by = bindings.map(({ device, role, strategy, artefact }) => {
    const what = role === 'companion' ? `companion of ${device}` : device;
    const how = strategy === 'external' ? 'by somebody else' : `by ${strategy}`;
    return `${what} ${how}${artefact === undefined ? '' : ` (${artefact.kind} ${artefact.name})`}`;
  });
  const uses = (hostUse ?? []).map(
    ({ kind, reason }) => `host: ${kind === 'other' ? reason : `${kind} ${reason}`.trim()}`,
  );
  const words = [
    address,
    id ?? '????:????',
    group,
    `driver ${change}`,
    ...by,
    ...uses,
    ...(name === undefined ? [] : [name]),
  ];
  return `  ${plainLine(words.join('  '))}`;
}

import type { Diagnostic, GateChange, ObjectChange, UpgradePath, UpgradeStep } from '../diagnostics';
import { counted } from './closing-lines';
import { diagnosticJson } from './render-json';
import { jsonText } from './json-text';
import { PLAIN, type Paint } from './paint';
import { shownSpan, type Sources } from './picture';
import { plainLine } from './visible-text';

/** As many fields of one object as people read. */
const LONGEST_LIST = 8;

/** The ways of fleets from release to release as text. Nothing in it can steer a terminal. */
export function renderUpgrade(paths: readonly UpgradePath[], sources: Sources, paint: Paint = PLAIN): string {
  const parts = paths.flatMap(({ fleet, steps }) => steps.map((step) => stepText(fleet, step, sources, paint)));
  return `${parts.join('\n\n')}\n`;
}

/** The same for programs. */
export function renderUpgradeJson(paths: readonly UpgradePath[], sources: Sources): string {
  return jsonText({
    version: 1,
    fleets: paths.map(({ fleet, steps }) => ({
      fleet,
      steps: steps.map(({ from, to, appearing, going, gates, behaviours, objects }) => ({
        from,
        to,
        appearing: appearing.map((one) => diagnosticJson(one, sources)),
        going: going.map((one) => diagnosticJson(one, sources)),
        gates: gates.map(({ name, before, after, wasOn, isOn }) => ({
          name,
          before,
          after,
          wasOn: wasOn ?? null,
          isOn: isOn ?? null,
        })),
        behaviours,
        objects: objects ?? null,
      })),
    })),
  });
}

function stepText(fleet: string, step: UpgradeStep, sources: Sources, paint: Paint): string {
  const { from, to, appearing, going, gates, behaviours, objects } = step;
  const lines = [
    ...section(
      'findings that appear',
      appearing.map((one) => findingLine(one, sources, paint)),
    ),
    ...section(
      'findings that go',
      going.map((one) => findingLine(one, sources, paint)),
    ),
    ...section('feature gates', gates.map(gateLine)),
    ...section('what KubeVirt does from here on', behaviours.map(plainLine)),
    ...(objects === undefined
      ? ['  objects: not compared, the fleet has errors in one of the two releases']
      : section('objects', objects.map(objectLine))),
  ];
  const headline = paint.message(plainLine(`fleet ${fleet}: KubeVirt ${from} to ${to}`));
  return [headline, ...(lines.length === 0 ? ['  nothing changes'] : lines)].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

function findingLine({ severity, code, message, primary: { at } }: Diagnostic, sources: Sources, paint: Paint): string {
  const word = `${severity}[${code}]`;
  const dressed =
    severity === 'error' ? paint.error(word) : severity === 'warning' ? paint.warning(word) : paint.note(word);
  return `${dressed}: ${plainLine(message)} (${shownSpan(at, sources(at.file))})`;
}

function gateLine({ name, before, after, wasOn, isOn }: GateChange): string {
  const changes = wasOn === isOn ? switchWord(isOn) : `${switchWord(wasOn)}, then ${switchWord(isOn)}`;
  return plainLine(`${name}: ${before} to ${after}; ${changes} for this fleet`);
}

function switchWord(isOn: boolean | undefined): string {
  return isOn === undefined ? 'not known' : isOn ? 'on' : 'off';
}

function objectLine({ path, kind, fields }: ObjectChange): string {
  if (kind !== 'changed') return plainLine(`${path}: ${kind === 'new' ? 'new' : 'gone'}`);
  const shown = fields.slice(0, LONGEST_LIST).join(', ');
  const more = fields.length > LONGEST_LIST ? `, and ${counted(fields.length - LONGEST_LIST, 'field')} more` : '';
  return plainLine(`${path}: ${shown}${more}`);
}

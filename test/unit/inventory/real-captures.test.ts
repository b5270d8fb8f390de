import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceFile } from '../../../src/source';
import { readLspci } from '../../../src/inventory';
import { knownFacts, summaries } from './reading';

const CAPTURES = join(__dirname, '..', '..', '..', '..', 'shared', 'captures');
const whenThere = existsSync(CAPTURES)
  ? it
  : (name: string): void =>
      it.skip(`${name} (skipped: there is no folder of captures beside the repository)`, () => undefined);

function capture(name: string): SourceFile {
  return new SourceFile(name, readFileSync(join(CAPTURES, name), 'utf8'));
}

describe('text that lspci printed on real machines', () => {
  whenThere('a workstation under -nnv: every function has class, id and name', () => {
    const source = capture('workstation-x58.lspci-nnv.txt');
    const { functions, problems } = readLspci(source);

    expect(summaries(source, problems)).toEqual([]);
    expect(functions).toHaveLength(source.text.match(/^[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /gm)?.length ?? 0);
    expect(functions.filter((fact) => !fact.class || !fact.id || !fact.name)).toEqual([]);
    // the dump was read on another machine: no driver is shown, so none is known to be absent
    expect(functions.filter(({ driver }) => driver !== undefined)).toEqual([]);
    expect(functions.find(({ address }) => address === '0000:06:00.1')).toMatchObject({
      class: '0403',
      id: '10de:0be3',
      subsystem: '3842:1312',
    });
  });

  whenThere('one function under -vvv without -nn: everything but the ids, and one warning', () => {
    const source = capture('single-function.lspci-vvv-without-ids.txt');
    const { functions, problems } = readLspci(source);

    expect(functions.map(knownFacts)).toEqual([
      { revision: '03', name: 'Synopsys EPMockUp', driver: 'nvme', iommuGroup: 14 },
    ]);
    expect(summaries(source, problems)).toEqual([
      'warning inventory/missing-ids: the text shows no vendor and device ids @ 01:00.0',
    ]);
  });
});

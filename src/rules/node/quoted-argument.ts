import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

export const quotedArgument = defineRule({
  code: 'NOD405',
  slug: 'node/quoted-argument',
  severity: 'error',
  suppressible: false,
  needs: [],
  manifests: [],
  summary: 'a kernel argument holds a blank or a quote',
  why: `
The machine-config-daemon splits arguments at blanks outside double quotes when it sets them, and at every blank when it compares
the result with the running kernel after the reboot. An argument with a blank in it is therefore always missing, and the node goes
Degraded. One entry is one argument.`,
  sources: [
    {
      claim: 'split with quotes when set',
      url: `${MACHINE_CONFIG_OPERATOR}/3b7ffc348eb7d127bf570c64f75c6d90f65408e0/pkg/daemon/update.go`,
    },
    {
      claim: 'split at blanks when compared',
      url: `${MACHINE_CONFIG_OPERATOR}/ab5401bddddf901b7c323467ba053381c9e72470/pkg/daemon/daemon.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two arguments in one entry',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], kernelArguments: [«"hugepagesz=1G hugepages=16"»] }
`),
      },
    ],
    good: [
      {
        name: 'one each, in this order',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], kernelArguments: [hugepagesz=1G, hugepages=16] }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const { text, place } of fleet.nodePools.flatMap(({ kernelArguments }) => kernelArguments)) {
      const found = /["']/.exec(text)?.[0] ?? (/\s/.test(text) ? 'a blank' : undefined);
      if (found === undefined) continue;
      const parts = text.trim().split(/\s+/);
      const isPlain = !/["']/.test(text);
      yield {
        message: fitting(
          `kernel argument \`${text}\` holds ${inWords(found)}`,
          `a kernel argument holds ${inWords(found)}`,
        ),
        primary: { at: place, text: 'one entry is one argument' },
        notes: ['the machine-config-daemon compares arguments split at every blank after the reboot'],
        help: [
          isPlain && parts.length > 1 ? 'write one entry for each argument' : 'write it without quotes and blanks',
        ],
      };
    }
  },
});

function inWords(found: string): string {
  return found === 'a blank' ? found : 'a quote';
}

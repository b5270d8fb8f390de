import { placeAt, type Place } from '../../source';
import { examplePluginFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

export const repeatedPluginEntry = defineRule({
  code: 'RES704',
  slug: 'resource/repeated-plugin-entry',
  severity: 'error',
  needs: [],
  summary: 'a device plugin mounts two things in one place, or sets a variable twice',
  why: `
The API server refuses a container with two mounts at one path, "must be unique". A variable that is set twice has the value of its last entry, and an apply from the server's
side refuses the two.`,
  sources: [
    {
      claim: 'paths of mounts are unique',
      url: `${KUBERNETES}/pkg/apis/core/validation/validation.go`,
    },
    {
      claim: 'variables are a map by their names',
      url: `${KUBERNETES}/staging/src/k8s.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one path twice',
        yaml: examplePluginFleet('hostPaths: [{ path: /dev/acme }, { path: /run/acme, mountPath: «/dev/acme» }]'),
      },
      {
        name: 'one variable twice',
        yaml: examplePluginFleet('env: [{ name: LEVEL, value: a }, { name: «LEVEL», value: b }]'),
      },
    ],
    good: [
      {
        name: 'two paths and two variables',
        yaml: examplePluginFleet(`hostPaths: [{ path: /dev/acme }, { path: /run/acme }]
    env: [{ name: LEVEL, value: a }, { name: FORMAT, value: b }]`),
      },
    ],
  },
  *check({ fleet }) {
    for (const plugin of fleet.imagePlugins) {
      const entries = [
        ...plugin.hostPaths.map(({ mountPath, place }) => ({
          what: 'mounts two things at',
          name: mountPath.replace(/(?<=.)\/+$/, ''),
          place,
        })),
        ...plugin.env.map(({ name, place }) => ({ what: 'sets twice', name, place })),
      ];
      const firstByName = new Map<string, Place>();
      for (const { what, name, place } of entries) {
        const key = `${what} ${name}`;
        const field = what === 'sets twice' ? 'name' : 'mountPath';
        const first = firstByName.get(key);
        if (first === undefined) firstByName.set(key, place);
        else
          yield {
            message: fitting(
              `device plugin ${plugin.name} ${what} ${name}`,
              `a device plugin ${what} ${name}`,
              field === 'name'
                ? 'a device plugin sets a variable twice'
                : 'a device plugin mounts two things at one path',
            ),
            primary: { at: placeAt(place, field), text: 'the second one' },
            secondary: [{ at: first, text: 'the first one' }],
          };
      }
    }
  },
});

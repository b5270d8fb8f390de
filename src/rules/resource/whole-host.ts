import { placeAt } from '../../source';
import { examplePluginFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

const FLEET = (hostPaths: string): string => examplePluginFleet(`hostPaths: ${hostPaths}`);

export const wholeHost = defineRule({
  code: 'RES720',
  slug: 'resource/whole-host',
  severity: 'warning',
  needs: [],
  summary: 'a device plugin sees the whole file system of its node',
  why: `
A device plugin serves its resource through a socket below \`/var/lib/kubelet/device-plugins\`, which hostdev mounts, and looks at devices below \`/sys\` and \`/dev\`. A mount of \`/\` gives it besides the keys of
kubelet and the secrets of every pod of the node; one that is not read-only makes it root there. At \`mountPath: /\` a mount takes the place of what is in the image.`,
  sources: [
    {
      claim: 'the baseline standard takes no mount of the host',
      url: `${KUBERNETES}/staging/src/k8s.io/pod-security-admission/policy/check_hostPathVolumes.go`,
    },
    {
      claim: 'keys of kubelet and volumes of pods are kept below one folder of the host',
      url: `${KUBERNETES}/pkg/kubelet/config/defaults.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'the root of the host', yaml: FLEET('[{ path: «/», mountPath: /host }]') },
      { name: 'over the image', yaml: FLEET('[{ path: /dev/acme, mountPath: «/» }]') },
    ],
    good: [{ name: 'what it needs', yaml: FLEET('[{ path: /dev/acme }]') }],
  },
  *check({ fleet }) {
    for (const plugin of fleet.imagePlugins) {
      for (const { path, mountPath, readOnly, place } of plugin.hostPaths) {
        const isWhole = isRoot(path);
        if (!isWhole && !isRoot(mountPath)) continue;
        yield {
          message: isWhole
            ? fitting(`device plugin ${plugin.name} sees the whole host`, 'a device plugin sees the whole host')
            : fitting(
                `a mount of device plugin ${plugin.name} hides its image`,
                'a mount of a device plugin hides its image',
              ),
          primary: {
            at: placeAt(place, isWhole ? 'path' : 'mountPath'),
            text: !isWhole
              ? 'takes the place of the image'
              : readOnly
                ? 'all files of the node'
                : 'all files, to write',
          },
          notes: isWhole ? ['keys of kubelet and secrets of other pods are among them'] : [],
          help: [isWhole ? 'mount only the folders that it needs' : 'mount it somewhere below `/`'],
        };
      }
    }
  },
});

/** Whether a path comes to the root, with dots in it or without. */
function isRoot(path: string): boolean {
  return /^\/(?:\.{0,2}\/)*\.{0,2}$/.test(path);
}

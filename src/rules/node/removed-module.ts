import { configPools } from '../machine-configs';
import { effectiveFiles } from '../../openshift';
import { exampleFileSpec, exampleMachineConfig } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';

const loading = (modules: string): string =>
  exampleMachineConfig('100-worker-vfio', exampleFileSpec('/etc/modules-load.d/vfio.conf', `data:,${modules}`)).replace(
    /"(data:,vfio-pci%0Avfio_virqfd)"/,
    '«"$1"»',
  );

export const removedModule = defineRule({
  code: 'NOD460',
  slug: 'node/removed-module',
  severity: 'warning',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a kernel module is loaded at boot that newer kernels do not have',
  why: `
\`vfio_virqfd\` became part of \`vfio\` with kernel 6.2. Older guides list it; on a newer kernel loading it fails, and with it the unit
\`systemd-modules-load.service\`. \`vfio-pci\` alone is enough: it brings what it needs.`,
  sources: [{ claim: 'the module is part of vfio', url: `${LINUX}/drivers/vfio/virqfd.c` }],
  examples: {
    bad: [{ name: 'from an older guide', reads: 'manifests', yaml: loading('vfio-pci%0Avfio_virqfd') }],
    good: [{ name: 'vfio-pci alone', reads: 'manifests', yaml: loading('vfio-pci') }],
  },
  *check({ fleet }) {
    const files = new Set(configPools(fleet).flatMap(effectiveFiles));
    for (const { path, text, place } of files) {
      if (!path.startsWith('/etc/modules-load.d/') || !/^[ \t]*vfio[-_]virqfd[ \t]*$/m.test(text ?? '')) continue;
      yield {
        message: '`vfio_virqfd` is loaded at boot, which kernels from 6.2 on do not have',
        primary: { at: place, text: 'names the module' },
        help: ['list `vfio-pci` alone'],
      };
    }
  },
});

import { analyse, type Analysis } from '../../src/analysis';
import { loadFleet, type LoadedFleet } from '../../src/load';
import type { Fleet } from '../../src/model';
import type { FileAccess } from '../../src/source';

/** A file system in memory: text by path. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileAccess {
  return {
    readText: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    listFolder: (folder) => {
      const prefix = folder === '' || folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
      const names = new Set(
        Object.keys(files)
          .filter((path) => path.startsWith(prefix))
          .map((path) => path.slice(prefix.length).split('/')[0] ?? ''),
      );
      return names.size === 0 ? undefined : [...names].sort();
    },
  };
}

/** What loading a fleet gives whose `spec` is this YAML, indented by two; inventories by node go to `inventory/`. */
export function loadSpec(
  spec: string,
  inventories: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): LoadedFleet {
  const inventory = Object.keys(inventories).length === 0 ? '' : '  inventory: inventory/\n';
  const files: Record<string, string> = {
    'fleet.yaml': `apiVersion: hostdev/v1alpha1\nkind: Fleet\nmetadata:\n  name: test\nspec:\n${inventory}${spec}`,
    ...more,
  };
  for (const [node, functions] of Object.entries(inventories)) {
    files[`inventory/${node}.yaml`] =
      `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata:\n  name: ${node}\nspec:\n${functions}`;
  }
  return loadFleet(memoryFiles(files), 'fleet.yaml');
}

/** The analysis of such a fleet; a finding of the loader fails the test. */
export function analysisOf(
  spec: string,
  inventories: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): Analysis {
  return analyse(requireFleet(loadSpec(spec, inventories, more)));
}

/** The fleet, if nothing was found while it was loaded. */
export function requireFleet({ fleet, problems }: LoadedFleet): Fleet {
  if (fleet === undefined || problems.some(({ severity }) => severity === 'error')) {
    throw new Error(problems.map(({ message, primary }) => `${message}: ${JSON.stringify(primary)}`).join('\n'));
  }
  return fleet;
}

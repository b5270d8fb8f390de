/**
 * A path below the output folder from the words that it is made of; the last one is the file's name. Words that come from
 * names are DNS names by the time they arrive here; whatever else they hold is replaced, so that no path leaves its folder.
 *
 * @example `outputPath('virtual-machines', 'default', 'virtualmachine.build01.yaml')`
 */
export function outputPath(...words: readonly string[]): string {
  return words.map(safeWord).join('/');
}

/** The file of an object, kinds in lower case: `machineconfig.100-gpu-iommu.yaml`. */
export function objectFile(kind: string, name: string): string {
  return `${kind.toLowerCase()}.${name}.yaml`;
}

function safeWord(word: string): string {
  const safe = word.replace(/[^A-Za-z0-9._-]/g, '-');
  return /^\.*$/.test(safe) ? `-${safe}` : safe;
}

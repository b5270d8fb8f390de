/* Conditions of claims that are read, and what is wrong with others. */

/** What the API server takes. */
export const TAKEN_CONDITIONS: readonly string[] = [
  'true',
  'device.driver == "gpu.nvidia.com"',
  'device.attributes["gpu.nvidia.com"].productName.lowerAscii().matches("^.*a100.*$")',
  'device.capacity["gpu.nvidia.com"].memory.compareTo(quantity("80Gi")) >= 0',
  "has(device.attributes['a.com'].index) && device.attributes['a.com'].index in [0, 1, 2,]",
  'cel.bind(d, device.attributes["a.com"], d.x == 1 || !d.y)',
  '["a", "b"].exists(x, x == device.driver) // a comment',
  'device.attributes["a.com"].x ? device.attributes["a.com"].y : false',
  'device.driver == r"a\\d" || device.driver == """two\nlines "quoted" """',
  '{"a": 1}.a == 1 && -1 < 2 && 1.5e3 > .5 && 0x1Fu == 31u',
];

/** What it refuses for types, feature gates or depth, which are not looked at here. */
export const UNTOLD_CONDITIONS: readonly string[] = [
  'device.allowMultipleAllocations',
  '[device].all(device, device.anything == 1)',
  'device.driver == 1',
  'devices.driver == "a"',
  'device.driver.starts("a")',
  `${'('.repeat(400)}true${')'.repeat(400)}`,
];

/** What it refuses, where, and why. */
export const REFUSED_CONDITIONS: readonly (readonly [text: string, offset: number, what: string])[] = [
  ['', 0, 'nothing'],
  ['  // only a comment', 0, 'nothing'],
  ['device.driver == "gpu', 17, 'a text without an end'],
  ['device.driver == "a\\q"', 19, 'a backslash that means nothing'],
  ['device.driver = "a"', 14, 'a character that no word has'],
  ['device.driver == "a" & true', 21, 'a character that no word has'],
  ['device.attributes["a.com".x == 1', 32, 'no `]`'],
  ['(device.driver == "a"', 21, 'no `)`'],
  ['device.driver == "a" and true', 21, '`and` where an operator belongs'],
  ['device.driver == ', 17, 'an end where a value belongs'],
  ['true)', 4, '`)` where an operator belongs'],
  ['device.attribute["a.com"].x == 1', 7, '`attribute`, which no device has'],
  ['has(device.drivers)', 11, '`drivers`, which no device has'],
  ['device.driver', 0, 'a value that is not a bool'],
  ['"gpu.nvidia.com"', 0, 'a value that is not a bool'],
  ['device.attributes["a.com"].x + device.attributes["a.com"].y', 0, 'a value that is not a bool'],
  ['-device.attributes["a.com"].x', 0, 'a value that is not a bool'],
  ['[true]', 0, 'a value that is not a bool'],
  ['true ? "a" : 1', 0, 'a value that is not a bool'],
  ['a ? b', 5, 'no `:`'],
  ['for == 1', 0, '`for` where a value belongs'],
];

/*
 * The part of SARIF 2.1.0 that the renderer writes, as a schema of our own made from the specification: every property that it
 * may write with its form, and nothing else. (No npm package carries OASIS' own schema; the renderer's output was validated
 * once with types generated from that.)
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 */
type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string', minLength: 1 };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const POSITION: Schema = { type: 'integer', minimum: 1 };
const LEVEL: Schema = { enum: ['none', 'note', 'warning', 'error'] };

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: Schema, minItems = 0): Schema {
  return { type: 'array', items, minItems, uniqueItems: false };
}

const MESSAGE = object({ text: TEXT, markdown: TEXT }, ['text']);
const REGION = object({ startLine: POSITION, startColumn: POSITION, endLine: POSITION, endColumn: POSITION }, [
  'startLine',
]);
const ARTIFACT = object({ uri: { type: 'string', format: 'uri-reference', minLength: 1 } }, ['uri']);
const LOCATION = object(
  {
    id: COUNT,
    physicalLocation: object({ artifactLocation: ARTIFACT, region: REGION }, ['artifactLocation']),
    message: MESSAGE,
  },
  ['physicalLocation'],
);
const RULE_REFERENCE = object({ id: TEXT, index: COUNT }, ['id']);
const FIX = object(
  {
    description: MESSAGE,
    artifactChanges: list(
      object(
        {
          artifactLocation: ARTIFACT,
          replacements: list(
            object({ deletedRegion: REGION, insertedContent: object({ text: { type: 'string' } }, ['text']) }, [
              'deletedRegion',
            ]),
            1,
          ),
        },
        ['artifactLocation', 'replacements'],
      ),
      1,
    ),
  },
  ['artifactChanges'],
);
const RESULT = object(
  {
    ruleId: TEXT,
    ruleIndex: COUNT,
    level: LEVEL,
    message: MESSAGE,
    locations: list(LOCATION),
    relatedLocations: list(LOCATION, 1),
    partialFingerprints: { type: 'object', additionalProperties: TEXT },
    fixes: list(FIX, 1),
    suppressions: list(
      object({ kind: { enum: ['inSource', 'external'] }, justification: TEXT, location: LOCATION }, ['kind']),
    ),
  },
  ['message'],
);
const RULE = object(
  {
    id: TEXT,
    name: TEXT,
    shortDescription: MESSAGE,
    fullDescription: MESSAGE,
    help: MESSAGE,
    defaultConfiguration: object({ level: LEVEL }, []),
    properties: object({ tags: list(TEXT) }, []),
  },
  ['id'],
);
const RUN = object(
  {
    tool: object({ driver: object({ name: TEXT, semanticVersion: TEXT, rules: list(RULE) }, ['name']) }, ['driver']),
    invocations: list(
      object(
        {
          executionSuccessful: { type: 'boolean' },
          toolConfigurationNotifications: list(
            object({ level: LEVEL, message: MESSAGE, associatedRule: RULE_REFERENCE }, ['message']),
          ),
        },
        ['executionSuccessful'],
      ),
    ),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    results: list(RESULT),
  },
  ['tool'],
);

/** What a SARIF log of ours must fit. */
export const SARIF_SCHEMA = object({ $schema: TEXT, version: { const: '2.1.0' }, runs: list(RUN) }, [
  'version',
  'runs',
]);

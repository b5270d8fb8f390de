import type { Chain, Diagnostic, Explanation } from '../diagnostics';
import { jsonText } from './json-text';
import type { Sources } from './picture';
import { placeJson } from './render-json';

/**
 * Explanations for programs, as `schema/explanation.schema.json` describes them: one JSON object, indented by two, with a line end.
 *
 * Every step has `kind`, `state` (`holds`, `broken` or `unknown`), `text`, `details`, and where there are any `at`, `artefact`,
 * `counts` per node and `findings`; `firstBroken` counts the steps of a chain from 0. A node has `functions`, `groups` and
 * `advertised` besides. A field that is left out is unknown; null is known to be none. Places are as in a report.
 */
export function renderExplanationJson(explanations: readonly Explanation[], sources: Sources): string {
  return jsonText({ version: 1, explanations: explanations.map((one) => explanationJson(one, sources)) });
}

function explanationJson({ kind, name, fleet, at, chains, node, errorCount }: Explanation, sources: Sources): object {
  return {
    kind,
    name,
    fleet,
    at: placeJson(at, sources),
    errorCount,
    chains: chains.map((chain) => chainJson(chain, sources)),
    ...(node === undefined
      ? {}
      : {
          hasInventory: node.hasInventory,
          functions: node.functions.map((one) => ({ ...one, at: placeJson(one.at, sources) })),
          groups: node.groups,
          advertised: node.advertised,
        }),
  };
}

function chainJson({ title, steps, firstBroken }: Chain, sources: Sources): object {
  return {
    title,
    firstBroken,
    steps: steps.map(({ kind, state, text, details, at, artefact, counts, findings }) => ({
      kind,
      state,
      text,
      details,
      ...(at === undefined ? {} : { at: placeJson(at, sources) }),
      ...(artefact === undefined ? {} : { artefact }),
      ...(counts.length === 0 ? {} : { counts }),
      ...(findings.length === 0 ? {} : { findings: findings.map((finding) => findingJson(finding, sources)) }),
    })),
  };
}

function findingJson({ code, slug, severity, message, primary }: Diagnostic, sources: Sources): object {
  return { code, slug, severity, message, at: placeJson(primary.at, sources) };
}

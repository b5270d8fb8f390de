// One measured process: plain cdk8s constructs and writes the same objects, one file per object.
// usage: node cdk8s-program.mjs OBJECTS.json OUTDIR
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { ApiObject, App, Chart, YamlOutputType } = createRequire(import.meta.url)('cdk8s');
const [objects, outdir] = process.argv.slice(2);
const manifests = JSON.parse(readFileSync(objects, 'utf8'));

const start = performance.now();
const app = new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
const chart = new Chart(app, 'all');
manifests.forEach((manifest, i) => new ApiObject(chart, `object-${i}`, manifest));
app.synth();
const milliseconds = performance.now() - start;
process.stdout.write(JSON.stringify({ milliseconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));

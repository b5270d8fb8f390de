/*
 * Every block of the pages for readers is executed, in the page's order, in one folder per page:
 *
 * - `sh` runs, with `status=N` where it is to fail; a change of folder holds for the blocks behind it;
 * - `yaml FILE`, `ts FILE` are written there, for the commands behind them to read;
 * - `yaml of FILE`, `ts of FILE` are lines of a file, of the page's folder or of this repository;
 * - `text` is lines that stand, in this order, in what the last command printed.
 *
 * `npx` and `npm` are stand-ins that find this repository's packages instead of asking a registry.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hostdev } from '../support/hostdev';
import { ROOT, temporaryFolder } from '../support/lab';
import { linkPackages } from '../support/project';

/** Pages that have no block to run, or a test of their own. */
const OTHERS = new Set(['architecture.md']);

const PAGES = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && !OTHERS.has(name));

interface Block {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\S+)[ ]?([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    words: (match[2] ?? '').split(' ').filter((word) => word !== ''),
    text: match[3] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }));
}

const tools = temporaryFolder();
const packages = temporaryFolder();

beforeAll(() => {
  linkPackages(packages);
  const tool = (name: string, text: string): void => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${text}`);
    chmodSync(join(tools, name), 0o755);
  };
  const modules = join(packages, 'node_modules');
  tool('npx', `[ "$1" = cdk8s-hostdev ] && shift && set -- hostdev "$@"\nexec "$@"\n`);
  tool(
    'npm',
    `case "$1" in
install) exec ln -s '${modules}' node_modules ;;
run) script=$2 ;;
*) script=$1 ;;
esac
exec sh -c "$(node -p 'require("./package.json").scripts[process.argv[1]]' "$script")"
`,
  );
});

function run(
  text: string,
  cwd: string,
): { readonly status: number | null; readonly output: string; readonly cwd: string } {
  const state = join(tools, 'folder');
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', `trap 'pwd > "${state}"' EXIT\n${text}`], {
    cwd,
    env: {
      ...process.env,
      NO_COLOR: '1',
      PATH: `${tools}:${join(packages, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
    },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr, cwd: readFileSync(state, 'utf8').trim() };
}

/** The lines as they stand, without the depth that the page shows them at, and with one kind of quotes. */
function lines(text: string): string[] {
  return text
    .replaceAll("'", '"')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

test.each(PAGES)('docs/%s does what it says', (name) => {
  const page = readFileSync(join(ROOT, 'docs', name), 'utf8');
  // a page may write beside it, which must not meet what an earlier run has left
  const top = join(temporaryFolder(), 'repository');
  mkdirSync(top);
  let cwd = top;
  let output = '';
  const failures: string[] = [];
  for (const { language, words, text, line } of blocksOf(page)) {
    const where = `docs/${name}:${line}`;
    const [first = '', second = ''] = words;
    if (language === 'sh') {
      const done = run(text, cwd);
      ({ output, cwd } = done);
      const wanted = Number(first.replace('status=', ''));
      if (done.status !== wanted) failures.push(`${where}: status ${String(done.status)}\n${output}`);
    } else if (language === 'text') {
      let from = 0;
      for (const shown of lines(text)) {
        const at = output.replaceAll("'", '"').indexOf(shown, from);
        if (at < 0) failures.push(`${where}: ${JSON.stringify(shown)} was not printed:\n${output}`);
        else from = at + shown.length;
      }
    } else if (first === 'of') {
      const file = [join(cwd, second), join(ROOT, second)].find((path) => existsSync(path));
      const there = file === undefined ? [] : lines(readFileSync(file, 'utf8'));
      if (!there.join('\n').includes(lines(text).join('\n'))) failures.push(`${where}: ${second} has no such lines`);
    } else if (first === '') {
      failures.push(`${where}: a block of ${language} that nothing runs`);
    } else {
      mkdirSync(dirname(join(cwd, first)), { recursive: true });
      writeFileSync(join(cwd, first), text);
    }
  }
  expect(failures).toEqual([]);
});

test('no page has a block that is hidden from this test, or a link that leads nowhere', () => {
  for (const name of [...PAGES, ...OTHERS]) {
    const page = readFileSync(join(ROOT, 'docs', name), 'utf8');
    if (!OTHERS.has(name)) expect(page.match(/^ *(?:```|~~~)/gm) ?? []).toHaveLength(2 * blocksOf(page).length);
    const links = [...page.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, to = '']) =>
      /^https?:/.test(to) ? [] : [to.replace(/\s/g, '')],
    );
    expect(links.filter((to) => !existsSync(join(ROOT, 'docs', to)))).toEqual([]);
  }
});

test('commands and options that the pages name exist', () => {
  const pages = PAGES.map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8')).join('\n');
  const help = hostdev(['--help']).stdout;
  const commands = [...pages.matchAll(/`(?:npx )?hostdev ([a-z]+)/g)].map(([, command]) => command ?? '');
  expect([...new Set(commands)].filter((command) => !new RegExp(`^  ${command}\\b`, 'm').test(help))).toEqual([]);
});

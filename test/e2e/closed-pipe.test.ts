import { spawn } from 'node:child_process';
import { join } from 'node:path';

const COMMAND = join(__dirname, '..', '..', 'lib', 'hostdev.cjs');

test('a reader that closes the pipe early leaves no stack trace, and the exit status stands', async () => {
  const child = spawn(process.execPath, [COMMAND, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));

  const status = await new Promise((resolve) => child.on('close', resolve));

  expect(Buffer.concat(said).toString()).toBe('');
  expect(status).toBe(0);
});

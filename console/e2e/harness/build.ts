/** Builds the program that the tests run, unless SEKISHO_BIN names one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../../..');

export default function build(): (() => void) | undefined {
  if (process.env.SEKISHO_BIN) return undefined;
  if (!existsSync(path.join(repository, 'console/dist/management/index.html'))) {
    throw new Error('The portal is not built: run `npm --prefix console ci && npm --prefix console run build` first.');
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'sekisho-e2e-bin-'));
  const binary = path.join(dir, 'sekisho');
  execFileSync('go', ['build', '-o', binary, './cmd/sekisho'], { cwd: repository, stdio: 'inherit' });
  // The workers inherit it.
  process.env.SEKISHO_BIN = binary;
  return () => rmSync(dir, { recursive: true, force: true });
}

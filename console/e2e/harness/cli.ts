/** The AWS CLI of Debian, in an empty home directory: nothing of the machine's own settings reaches it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { region } from './organisation.ts';
import type { Sekisho } from './server.ts';

export interface AccessKey {
  id: string;
  secret: string;
}

/** Python starts slowly on a busy machine. */
const deadline = 60_000;

/** What is asked first: the ARN of whoever the commands that were pasted into the shell before make one. */
export async function whoami(server: Sekisho, pasted: string): Promise<string> {
  const home = mkdtempSync(path.join(tmpdir(), 'sekisho-e2e-cli-'));
  try {
    const ask = `${process.env.AWS_CLI ?? '/usr/bin/aws'} --region ${region} --endpoint-url ${server.api()} sts get-caller-identity --output text --query Arn`;
    const { stdout } = await promisify(execFile)('bash', ['-euc', `${pasted}\n${ask}`], {
      timeout: deadline,
      env: { HOME: home, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', AWS_PAGER: '', AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1' },
    });
    return stdout.trim();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs one command with an access key, and returns what it answers. Rejects with what it writes if it fails. */
export async function aws<T>(server: Sekisho, { id, secret }: AccessKey, ...args: string[]): Promise<T> {
  const home = mkdtempSync(path.join(tmpdir(), 'sekisho-e2e-cli-'));
  try {
    const { stdout } = await promisify(execFile)(process.env.AWS_CLI ?? '/usr/bin/aws', ['--endpoint-url', server.api(), '--output', 'json', ...args], {
      timeout: deadline,
      env: {
        HOME: home, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', AWS_PAGER: '', AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1',
        AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret,
      },
    });
    return (stdout ? JSON.parse(stdout) : undefined) as T;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

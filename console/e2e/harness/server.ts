/** One running program with its own data, and the developer's surface by which tests look behind the scenes. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { directoryId, organisationFile, subdomain } from './organisation.ts';

export interface Message {
  /** A display name and an address, as mail programs show it. */
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  links: string[];
  codes: string[];
}

export class Sekisho {
  private readonly process: ChildProcess;
  private readonly binary: string;
  private readonly dir: string;
  private output = '';
  readonly port: number;

  private constructor(binary: string, dir: string, port: number, organisation: string) {
    this.binary = binary;
    this.dir = dir;
    this.port = port;
    const flags = ['--data', this.data(), '--listen', `127.0.0.1:${port}`, '--dev'];
    if (organisation) {
      const file = path.join(dir, 'organisation.yaml');
      writeFileSync(file, organisation);
      flags.push('--org', file);
    }
    this.process = spawn(binary, ['serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'], env: this.environment() });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  /** @param organisation the organisation file's content; '' for a server on which there is nothing yet */
  static async start(organisation = organisationFile): Promise<Sekisho> {
    const binary = process.env.SEKISHO_BIN;
    if (!binary) throw new Error('SEKISHO_BIN is not set: the global setup did not run.');
    const sekisho = new Sekisho(binary, mkdtempSync(path.join(tmpdir(), 'sekisho-e2e-')), await freePort(), organisation);
    await sekisho.ready();
    return sekisho;
  }

  /** Where the landing page is, and every API. */
  base(): string {
    return `http://localhost:${this.port}`;
  }

  portal(name = subdomain): string {
    return `http://${name}.awsapps.localhost:${this.port}`;
  }

  startUrl(name = subdomain): string {
    return `${this.portal(name)}/start`;
  }

  directoryUrl(): string {
    return this.startUrl(directoryId);
  }

  signIn(): string {
    return `http://signin.localhost:${this.port}`;
  }

  /** The sign-in address of an account, by its id or alias (D-02). */
  accountUrl(account: string): string {
    return `http://${account}.signin.localhost:${this.port}/console`;
  }

  console(): string {
    return `http://console.localhost:${this.port}`;
  }

  device(): string {
    return `http://device.sso.localhost:${this.port}`;
  }

  /** For the tests' own requests: Node, unlike browsers, may not resolve names under localhost. */
  api(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Turns the clock of the server, not the browser's. */
  async advance(duration: string): Promise<void> {
    await this.dev('clock', { method: 'POST', body: JSON.stringify({ advance: duration }) });
  }

  /** Back to the organisation file and the right time. */
  async reset(): Promise<void> {
    await this.dev('reset', { method: 'POST' });
  }

  /** What was sent to an address, newest first. */
  async messages(to: string): Promise<Message[]> {
    const answer = await this.dev(`messages?to=${encodeURIComponent(to)}`);
    return (await answer.json()) as Message[];
  }

  /** What the picture or the sound at an address says. */
  async captchaAnswer(address: string): Promise<string> {
    const id = path.basename(new URL(address, this.api()).pathname);
    const answer = await this.dev(`captcha/${encodeURIComponent(id)}`);
    return ((await answer.json()) as { answer: string }).answer;
  }

  /** Break-glass commands, `sekisho admin …`, as who operates the server gives them on its host. */
  async admin(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.binary, ['admin', ...args, '--data', this.data()], { env: this.environment() });
    return stdout;
  }

  /** What the program wrote, for a failure's report. */
  log(): string {
    return this.output;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private data(): string {
    return path.join(this.dir, 'data');
  }

  private environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.dir };
  }

  private async dev(what: string, init?: RequestInit): Promise<Response> {
    const answer = await fetch(`${this.api()}/_sekisho/dev/${what}`, init);
    if (!answer.ok) throw new Error(`${what} is answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`The program ended:\n${this.output}`);
      const answer = await fetch(`${this.api()}/_sekisho/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > deadline) throw new Error(`The program is not ready:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** The port on which people run the program for themselves is not taken. */
const avoided = new Set([8420, 8499]);

async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer().on('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address() as AddressInfo;
        server.close(() => resolve(address.port));
      });
    });
    if (!avoided.has(port)) return port;
  }
}

/** Watches everything that a browser complains of: a test fails for what it did not announce. */
import { expect, type BrowserContext, type Response } from '@playwright/test';

interface Announced {
  status: number;
  path: RegExp;
  seen: boolean;
}

export class Watch {
  private readonly announced: Announced[] = [];
  private readonly complaints: string[] = [];

  /** This test means to be answered so, at least once. */
  expect(status: number, path: RegExp): void {
    this.announced.push({ status, path, seen: false });
  }

  /** What a page asks by itself may be answered so, and need not be. */
  allow(status: number, path: RegExp): void {
    this.announced.push({ status, path, seen: true });
  }

  async follow(context: BrowserContext): Promise<void> {
    // Also what a policy reports without a line on the console.
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} blocked ${e.blockedURI}`));
    });
    context.on('response', (response) => this.answered(response));
    context.on('weberror', (error) => this.complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      // Of refused requests the console tells too; answered() judges them.
      if (/^Failed to load resource: the server responded with a status of \d+/.test(message.text())) return;
      this.complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
  }

  private answered(response: Response): void {
    if (response.status() < 400) return;
    const url = new URL(response.url());
    let expected = false;
    for (const one of this.announced) {
      if (one.status === response.status() && one.path.test(url.pathname)) expected = one.seen = true;
    }
    if (!expected) this.complaints.push(`${response.status()} from ${response.request().method()} ${url.host}${url.pathname}`);
  }

  verify(): void {
    expect(this.complaints, 'what the browser complained of').toEqual([]);
    for (const one of this.announced) expect(one.seen, `a ${one.status} from ${one.path}`).toBe(true);
  }
}

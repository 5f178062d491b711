import { describe, expect, it } from 'vitest';
import { blocks, fromServer, validate, type Finding } from './findings';

describe('findings', () => {
  it('stand where the editor counts, whatever characters come before', () => {
    const document = '{"é𝒜":"x"}';
    const span = { start: { line: 1, column: 6, offset: 6 }, end: { line: 1, column: 9, offset: 9 } };
    const found = fromServer({ findingType: 'ERROR', issueCode: 'C', findingDetails: 'm', learnMoreLink: '', locations: [{ path: [], span }] }, document);
    expect(document.slice(found.from, found.to)).toBe('"x"');
    expect(found.severity).toBe('error');
  });

  it.each<[Finding['severity'][], boolean]>([
    [[], false],
    [['warning', 'security', 'suggestion'], false],
    [['warning', 'error'], true],
  ])('%j keep a policy from being saved: %s', (severities, want) => {
    expect(blocks(severities.map((severity) => ({ severity, code: '', message: '', from: 0, to: 0, line: 1 })))).toBe(want);
  });

  it.each<[string, number]>([
    ['{"tags":{}}', 0],
    ['{"tags":', 1],
    ['[]', 1],
    ['"x"', 1],
  ])('of a document that only its service can judge, %j, are those of its JSON', async (document, want) => {
    const nobody = undefined as never;
    expect(await validate(nobody, document, 'other', new AbortController().signal)).toHaveLength(want);
  });
});

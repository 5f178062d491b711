import { describe, expect, it } from 'vitest';
import { attributesOf, mappingFaults, mappingsOf, SOURCES } from './attributes';

describe('attributes for access control (behaviours 6.4)', () => {
  it.each([
    ['a key and a source', [{ key: 'CostCenter', source: '${path:enterprise.costCenter}' }], [{}]],
    ['a filter in the path', [{ key: 'mail', source: '${path:emails[primary eq true].value}' }], [{}]],
    ['no key', [{ key: ' ', source: '${user:email}' }], [{ key: 'key' }]],
    ['a key too long', [{ key: 'k'.repeat(129), source: '${user:email}' }], [{ key: 'key' }]],
    ['a source without its frame', [{ key: 'a', source: 'userName' }], [{ source: 'source' }]],
    ['two sources', [{ key: 'a', source: '${path:userName},${path:title}' }], [{ source: 'source' }]],
    [
      'the same key twice',
      [
        { key: 'a', source: '${user:email}' },
        { key: 'a ', source: '${user:email}' },
      ],
      [{}, { key: 'twice' }],
    ],
  ])('%s', (_what, mappings, faults) => {
    expect(mappingFaults(mappings)).toEqual(faults);
  });

  it('offers only sources that it takes', () => {
    expect(mappingFaults(SOURCES.map((source, i) => ({ key: `k${i}`, source }))).every((fault) => Object.keys(fault).length === 0)).toBe(true);
  });

  it('asks for what it read', () => {
    const attributes = [{ Key: 'Team', Value: { Source: ['${path:enterprise.department}'] } }];
    expect(attributesOf(mappingsOf(attributes))).toEqual(attributes);
  });
});

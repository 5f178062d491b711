import { describe, expect, it } from 'vitest';
import { durationOf, minutesOf, setArn, setHref, setId } from './permissionSets';

const ARN = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0123456789abcdef';

describe('permission sets', () => {
  it('are named by the id that ends their ARN, and found by it (behaviours.md 1.1)', () => {
    const instance = { arn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef', id: 'ssoins-1234567890abcdef', directory: 'd-1234567890', owner: '111122223333', name: '', region: 'us-east-1', administered: true };
    expect(setId(ARN)).toBe('ps-0123456789abcdef');
    expect(setArn(instance, setId(ARN))).toBe(ARN);
    expect(setHref(ARN)).toBe('/singlesignon/permission-sets/ps-0123456789abcdef');
  });

  it.each([
    ['PT1H', 60],
    ['PT12H', 720],
    ['PT90M', 90],
    ['PT1H30M', 90],
    ['PT3600S', 60],
    [undefined, 60],
    ['soon', 60],
  ])('a session of %s lasts %d minutes (G-36, G-38)', (duration, minutes) => {
    expect(minutesOf(duration)).toBe(minutes);
  });

  it.each([
    [60, 'PT1H'],
    [720, 'PT12H'],
    [90, 'PT90M'],
  ])('%d minutes are %s', (minutes, duration) => {
    expect(durationOf(minutes)).toBe(duration);
    expect(minutesOf(duration)).toBe(minutes);
  });
});

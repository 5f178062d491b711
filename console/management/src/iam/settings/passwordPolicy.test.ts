import { describe, expect, it } from 'vitest';
import { settingsMessages } from './messages';
import { formFaults, otherRules, passwordRules, toForm, toPolicy } from './passwordPolicy';

const words = settingsMessages.en.rules;

describe('passwordRules', () => {
  it('tells the built-in rule where the account has none', () => {
    expect(passwordRules(null, words)).toEqual([words.length(8), words.threeOfFour, words.notAccount]);
  });
  it('tells only what the policy asks for', () => {
    expect(passwordRules({ MinimumPasswordLength: 10, RequireNumbers: true, RequireSymbols: false, PasswordReusePrevention: 3 }, words)).toEqual([
      words.length(10),
      words.number,
      words.reuse(3),
    ]);
  });
  it('tells of expiry and of who may change it', () => {
    expect(otherRules(null, words)).toEqual([words.neverExpires, words.noOwnChange]);
    expect(otherRules({ MaxPasswordAge: 30, HardExpiry: true, AllowUsersToChangePassword: true }, words)).toEqual([words.expires(30), words.hardExpiry, words.ownChange]);
  });
});

describe('the form of a policy', () => {
  const strict = {
    MinimumPasswordLength: 20,
    RequireUppercaseCharacters: true,
    RequireLowercaseCharacters: false,
    RequireNumbers: true,
    RequireSymbols: false,
    AllowUsersToChangePassword: false,
    MaxPasswordAge: 60,
    HardExpiry: true,
    PasswordReusePrevention: 24,
  };
  it('gives back the policy that filled it', () => {
    expect(toPolicy(toForm(strict))).toEqual(strict);
  });
  it('leaves out expiry and reuse that are not wanted, for the update replaces the whole', () => {
    const policy = toPolicy({ ...toForm(strict), expires: false, reuse: false });
    expect(policy).not.toHaveProperty('MaxPasswordAge');
    expect(policy).not.toHaveProperty('HardExpiry');
    expect(policy).not.toHaveProperty('PasswordReusePrevention');
  });
  it.each([
    [{ length: '5' }, ['length']],
    [{ length: '129' }, ['length']],
    [{ length: 'x' }, ['length']],
    [{ length: '' }, ['length']],
    [{ days: '0' }, ['days']],
    [{ days: '1096' }, ['days']],
    [{ days: '1096', expires: false }, []],
    [{ remembered: '25' }, ['remembered']],
    [{ remembered: '25', reuse: false }, []],
    [{ length: '6', days: '1095', remembered: '24' }, []],
  ])('%j has faults in %j', (typed, want) => {
    expect(formFaults({ ...toForm(strict), ...typed })).toEqual(want);
  });
});

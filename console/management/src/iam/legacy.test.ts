import { describe, expect, it } from 'vitest';
import { fromLegacy } from './legacy';

describe('fromLegacy', () => {
  it.each([
    ['', ''],
    ['#/home', ''],
    ['#/users', '/iam/users'],
    ['#users', '/iam/users'],
    ['#/users/details/jane?section=permissions', '/iam/users/jane'],
    ['#/users/jane', '/iam/users/jane'],
    ['#/users/create', '/iam/users/create'],
    ['#/roles/details/Admin', '/iam/roles/Admin'],
    ['#/policies/details/arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FAdministratorAccess?section=permissions', '/iam/policies/details/arn:aws:iam::aws:policy/AdministratorAccess'],
    ['#/policies/arn:aws:iam::aws:policy/ReadOnlyAccess', '/iam/policies/details/arn:aws:iam::aws:policy/ReadOnlyAccess'],
    ['#/policies/details/%E0%A4%A', '/iam/policies/details/%E0%A4%A'],
    ['#/security_credentials', '/security-credentials'],
    ['#/identity_providers', '/iam/identity-providers'],
    ['#/constructor', ''],
    ['#//evil.example', ''],
  ])('%s leads to %j', (hash, want) => {
    expect(fromLegacy(hash)).toBe(want);
  });
});

// Package policy is AWS's policy language: it parses a document, refuses what
// AWS refuses with AWS's words, compiles it once, and decides requests by it.
//
// It owns the grammar (behaviours.md 3.1), condition operators (3.2), variables
// (3.3), the order of evaluation (3.6 to 3.8), validation (3.9), the reasons
// for a denial (2.6), and the explanations and findings for people. It is pure:
// it reads no clock, does no input or output and keeps no state. Who
// the caller is, which policies hang on whom and what the values of the condition
// keys are is the business of the gate that calls Decide.
//
// Whatever is unknown or malformed is refused by Parse, so a Policy that
// exists is one whose every word is understood (promise 16). The zero Policy and
// a nil *Policy have no statement and grant nothing.
package policy

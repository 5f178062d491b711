// Package differential compares the policy engine with another evaluator of IAM
// policies, which shares neither code nor author with it: @cloud-copilot/iam-simulate,
// run by Node. Both decide the same requests; where they differ, the case is
// shrunk to the least that still differs, and has to be one of the differences that
// are known and explained in docs/divergences.md.
//
// It owns the generator of the cases, the translation into the other's terms and
// the list of known differences. The evaluator is a tool of this test: nothing of it
// is linked, copied or shipped.
package differential

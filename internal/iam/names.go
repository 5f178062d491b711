package iam

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// Bounds of sessions of a role, in seconds (behaviours.md 1.4).
const (
	MinRoleSession = 3600
	MaxRoleSession = 43200
)

// Forms of the names, paths and texts of IAM's own (the model's patterns;
// behaviours.md 1.4). The front doors check them too, in words of their own.
var (
	namePattern = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]+$`)
	pathPattern = regexp.MustCompile(`^/([\x21-\x7e]+/)?$`)
	// policyPath leaves out what would mean something in an ARN's pattern.
	policyPath      = regexp.MustCompile(`^(/[A-Za-z0-9.,+@=_-]+)*/$`)
	descriptionText = regexp.MustCompile(`^[\t\n\r\x{20}-\x{7e}\x{a1}-\x{ff}]*$`)
	tagText         = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	accessKeyID     = regexp.MustCompile(`^` + arn.PrefixAccessKey + `[A-Z0-9]{16,124}$`)
)

const (
	maxPath        = 512
	maxDescription = 1000
	maxTagKey      = 128
	maxTagValue    = 256
	maxARN         = 2048
	minSecretKey   = 16
	maxSecretKey   = 128
)

// nameLengths are how long the names of each noun may be.
var nameLengths = map[Noun]int{Users: 64, Groups: 128, Roles: 64, Policies: 128, InstanceProfiles: 128}

// CheckName is Invalid if n of that name cannot be. Inline policies are named
// like managed ones.
func CheckName(n Noun, name string) error {
	if most := nameLengths[n]; len(name) > most || !namePattern.MatchString(name) {
		return fault.New(fault.Invalid, "name", "the name %s must be 1 to %d of letters, digits and _+=,.@-", shown(name), most)
	}
	return nil
}

// CheckPath is Invalid if n cannot be under the path.
func CheckPath(n Noun, path string) error {
	form, words := pathPattern, "printable ASCII characters"
	if n == Policies {
		form, words = policyPath, "letters, digits and .,+@=_- in parts that are not empty"
	}
	if len(path) > maxPath || !form.MatchString(path) {
		return fault.New(fault.Invalid, "path", "the path %s must begin and end with / and have at most %d characters, %s", shown(path), maxPath, words)
	}
	return nil
}

// CheckDescription is Invalid if n cannot be described so. Roles' descriptions are
// in Latin-1.
func CheckDescription(n Noun, text string) error {
	switch {
	case !utf8.ValidString(text), utf8.RuneCountInString(text) > maxDescription:
		return fault.New(fault.Invalid, "description", "the description must be at most %d characters", maxDescription)
	case n == Roles && !descriptionText.MatchString(text):
		return fault.New(fault.Invalid, "description", "the description has characters that are not of Latin-1")
	}
	return nil
}

// CheckTags is SetTags for tags that a noun is made with, and Invalid if one
// cannot be a tag (behaviours.md 1.5, 5.7).
func CheckTags(tags []Tag, fold bool) error {
	for _, t := range tags {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey || !tagText.MatchString(t.Key):
			return fault.New(fault.Invalid, "tag", "the tag key %s must be 1 to %d letters, digits, spaces and _.:/=+-@", shown(t.Key), maxTagKey)
		case utf8.RuneCountInString(t.Value) > maxTagValue || !tagText.MatchString(t.Value):
			return fault.New(fault.Invalid, "tag", "the value of the tag %s must be at most %d letters, digits, spaces and _.:/=+-@", shown(t.Key), maxTagValue)
		}
	}
	_, err := SetTags(nil, tags, fold)
	return err
}

// CheckPolicyARN is Invalid if no managed policy that somebody in the account may
// have can have the ARN. Whether there is one is another question. With "" for
// the account, it may be any.
func CheckPolicyARN(account, policyARN string) error {
	owner, kind, path, name, ok := arn.SplitIAM(policyARN)
	if !ok || kind != "policy" || len(policyARN) > maxARN || owner != AWSAccount && !arn.ValidAccount(owner) ||
		CheckPath(Policies, path) != nil || CheckName(Policies, name) != nil {
		return fault.New(fault.Invalid, "arn", "%s is not the ARN of a managed policy", shown(policyARN))
	}
	if account != "" && owner != account && owner != AWSAccount {
		return fault.New(fault.Invalid, "arn", "%s is a policy of another account", shown(policyARN))
	}
	return nil
}

// CheckAccessKey is Invalid if k cannot be a key that signs: long-term keys begin
// with AKIA, and those of sessions, which begin otherwise, come with a token. The
// fault does not tell the secret.
func CheckAccessKey(k AccessKey) error {
	if !accessKeyID.MatchString(k.ID) {
		return fault.New(fault.Invalid, "access-key", "the access key id %s must be %s and 16 to 124 capital letters and digits", shown(k.ID), arn.PrefixAccessKey)
	}
	if n := len(k.Secret.Reveal()); n < minSecretKey || n > maxSecretKey {
		return fault.New(fault.Invalid, "access-key", "the secret of the access key %s must have %d to %d bytes", k.ID, minSecretKey, maxSecretKey)
	}
	return nil
}

// CheckQuota is Invalid if there is no quota for the noun or none of that many.
func CheckQuota(n Noun, quota int) error {
	if known := Nouns(); !slices.Contains(known, n) {
		return fault.New(fault.Invalid, "quota", "there is none for %s, but for %v", shown(string(n)), known)
	}
	if quota < 1 {
		return fault.New(fault.Invalid, "quota", "%s must be at least 1", n)
	}
	return nil
}

// checkNamed is CheckName and CheckPath.
func checkNamed(n Noun, path, name string) error {
	if err := CheckName(n, name); err != nil {
		return err
	}
	return CheckPath(n, path)
}

// Validate checks what can be told from the user alone: name, path, tags and the
// form of the boundary.
func (u User) Validate() error {
	if err := checkNamed(Users, u.Path, u.Name); err != nil {
		return err
	}
	if err := checkBoundaryForm(u.Account, u.Boundary); err != nil {
		return err
	}
	return CheckTags(u.Tags, true)
}

// Validate checks the group's name and path.
func (g Group) Validate() error { return checkNamed(Groups, g.Path, g.Name) }

// Validate checks what can be told from the role alone: that name and path are
// not AWS's, the description, the longest session (0 is the default), the form
// of the boundary, and tags. The trust policy is CheckTrustPolicy's.
func (r Role) Validate() error {
	for _, check := range []func() error{
		func() error { return checkNamed(Roles, r.Path, r.Name) },
		func() error { return reserved(r.Path, r.Name) },
		func() error { return CheckDescription(Roles, r.Description) },
		func() error { return checkRoleSession(r.MaxSessionSeconds) },
		func() error { return checkBoundaryForm(r.Account, r.Boundary) },
		func() error { return CheckTags(r.Tags, true) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// Validate checks the policy's name, path, description and tags. The document is
// CheckDocument's and CheckManagedSize's.
func (n NewPolicy) Validate() error {
	if err := checkNamed(Policies, n.Path, n.Name); err != nil {
		return err
	}
	if err := CheckDescription(Policies, n.Description); err != nil {
		return err
	}
	return CheckTags(n.Tags, false)
}

func checkBoundaryForm(account, policyARN string) error {
	if policyARN == "" {
		return nil
	}
	return CheckPolicyARN(account, policyARN)
}

func checkRoleSession(seconds int) error {
	if seconds != 0 && (seconds < MinRoleSession || seconds > MaxRoleSession) {
		return fault.New(fault.Invalid, "role-session", "the longest session must be between %d and %d seconds", MinRoleSession, MaxRoleSession)
	}
	return nil
}

// shown quotes what somebody wrote, which may be long.
func shown(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:most]) + "…"
}
